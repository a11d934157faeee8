import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { useSession } from "../pages/account/session";
import { UserMenu } from "../pages/account/UserMenu";
import { useFlow } from "../api/flows";
import { useExportFlow } from "../pages/flows/useExportFlow";
import { loadPart } from "../api/load-part";
import type { FlowHead } from "../api/types";
import { redoEdit, undoEdit } from "../graph/store";
import { useGraph } from "../graph/useGraph";
import { useJudgedProblems } from "../graph/useJudgedProblems";
import { Button, IconButton } from "../ui/controls/Button";
import { Icon, Mark } from "../ui/icons/Icon";
import { Menu, MenuItem } from "../ui/overlays/Menu";
import { Count } from "../ui/controls/Tabs";
import text from "../ui/text.module.css";
import { Tooltip } from "../ui/overlays/Tooltip";
import { redo } from "./commands/flow/redo";
import { undo } from "./commands/flow/undo";
import { getShortcut } from "./commands/shortcuts";
import { useEditorTools } from "./commands/useEditorTools";
import { openCommandMenu } from "./commands/view/open-command-menu";
import { showShortcuts } from "./commands/view/show-shortcuts";
import { changeLayout, openRunTab, useLayout } from "./layout";
import { RunButton } from "./RunButton";
import { SaveStatusLabel } from "./SaveStatusLabel";
import styles from "./TopBar.module.css";

const FlowDialog = lazy(async () => ({
  default: (await loadPart(() => import("../pages/flows/FlowDialog"))).FlowDialog,
}));

const CHAT_TRIGGER = "chat.completion_trigger";

interface TopBarProps {
  flow: FlowHead;
  onSave: () => void;
}

/** Shows the flow and the state of its saving, and the buttons for the flow. */
export function TopBar({ flow, onSave }: TopBarProps) {
  const { workspace } = useSession();
  const readOnly = useGraph((graph) => graph.readOnly);
  return (
    <header className={styles.bar}>
      <Link to="/flows" className={styles.home} aria-label="All flows">
        <Mark />
      </Link>
      <nav className={styles.crumbs} aria-label="Where you are">
        <Link to="/flows" className={styles.workspace}>
          {workspace.name}
        </Link>
        <span className={styles.slash} aria-hidden="true">
          /
        </span>
        <FlowMenu flow={flow} />
      </nav>
      <SaveStatusLabel onRetry={onSave} />
      <span className={text.grow} />
      {readOnly ? null : <UndoRedo />}
      <ProblemsButton />
      <VersionsButton />
      {readOnly ? null : <ChatPageButton />}
      {readOnly ? null : <PublishButton flow={flow.id} />}
      {readOnly ? null : <RunButton />}
      <UserMenu compact />
    </header>
  );
}

function FlowMenu({ flow }: Pick<TopBarProps, "flow">) {
  const tools = useEditorTools();
  const exportFlow = useExportFlow(flow);
  const exportSaved = async () => {
    await tools.autosave.flush();
    exportFlow();
  };
  const [renaming, setRenaming] = useState(false);
  const readOnly = useGraph((graph) => graph.readOnly);
  const takesChat = useTakesChat();
  return (
    <>
      <h1 className={styles.title}>
        <Menu
          align="start"
          trigger={
            <Button kind="quiet" className={styles.flow}>
              <b className={text.clip}>{flow.name}</b>
              <Icon name="down" size={14} />
            </Button>
          }
        >
          {readOnly ? null : (
            <>
              <MenuItem icon="edit" onSelect={() => setRenaming(true)}>
                Rename flow
              </MenuItem>
              <MenuItem icon="download" onSelect={() => void exportSaved()}>
                Export flow
              </MenuItem>
              {takesChat ? (
                <MenuItem icon="chat" onSelect={openChatPage}>
                  Chat page
                </MenuItem>
              ) : null}
            </>
          )}
          <MenuItem icon="history" onSelect={() => changeLayout({ versions: true })}>
            Versions
          </MenuItem>
          <MenuItem icon="search" shortcut={getShortcut(openCommandMenu)} onSelect={tools.openCommandMenu}>
            Commands and nodes
          </MenuItem>
          <MenuItem icon="book" shortcut={getShortcut(showShortcuts)} onSelect={tools.openShortcutSheet}>
            Keys
          </MenuItem>
        </Menu>
      </h1>
      {renaming ? (
        <Suspense>
          <FlowDialog flow={flow} onClose={() => setRenaming(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

function UndoRedo() {
  const undoLabel = useGraph(({ history }) => history.past.at(-1)?.label);
  const redoLabel = useGraph(({ history }) => history.future.at(-1)?.label);
  return (
    <>
      <Tooltip text={undoLabel === undefined ? null : `Undo ${undoLabel}  ${getShortcut(undo)}`}>
        <IconButton
          icon="undo"
          label="Undo"
          reason={undoLabel === undefined ? "Nothing to undo" : null}
          onClick={undoEdit}
        />
      </Tooltip>
      <Tooltip text={redoLabel === undefined ? null : `Redo ${redoLabel}  ${getShortcut(redo)}`}>
        <IconButton
          icon="redo"
          label="Redo"
          reason={redoLabel === undefined ? "Nothing to redo" : null}
          onClick={redoEdit}
        />
      </Tooltip>
      <span className={styles.line} />
    </>
  );
}

/** Shows the versions, or hides them. */
function VersionsButton() {
  const isOpen = useLayout((layout) => layout.versions);
  return (
    <Tooltip text="Versions">
      <IconButton
        icon="history"
        label="Versions"
        className={styles.versions}
        aria-expanded={isOpen}
        onClick={() => changeLayout({ versions: !isOpen })}
      />
    </Tooltip>
  );
}

/** Opens the dialog that sets the chat page up, where the flow takes a chat. */
function ChatPageButton() {
  if (!useTakesChat()) return null;
  return (
    <Tooltip text="Chat page">
      <IconButton icon="chat" label="Chat page" className={styles.chatPage} onClick={openChatPage} />
    </Tooltip>
  );
}

function useTakesChat(): boolean {
  return useGraph(({ graph }) => graph.nodes.some(({ action }) => action === CHAT_TRIGGER));
}

function openChatPage(): void {
  changeLayout({ chatPage: true });
}

/** Opens the dialog that publishes the draft; its tooltip says what calls run now. */
function PublishButton({ flow }: { flow: string }) {
  const production = useFlow(flow).data?.published.production ?? null;
  const draft = useGraph((state) => state.revision);
  return (
    <Tooltip text={describePublished(production, draft)}>
      <Button size="l" className={styles.publish} onClick={() => changeLayout({ publishing: "draft" })}>
        <Icon name="upload" size={14} />
        <span className={styles.word}>Publish</span>
      </Button>
    </Tooltip>
  );
}

function describePublished(production: number | null, draft: number): string {
  if (production === null) return "Not published to production yet";
  if (production === draft) return `Production runs this version, ${draft}`;
  return `Production runs version ${production}, the draft is version ${draft}`;
}

/** Opens the list of problems. A flow without problems shows no button, but keeps its place, so that nothing moves. */
function ProblemsButton() {
  const count = useJudgedProblems(({ faults }) => faults.length);
  return (
    <Button
      size="l"
      kind="quiet"
      className={styles.problems}
      hidden={count === 0}
      onClick={() => openRunTab("problems")}
    >
      <Icon name="alert" />
      <span className={styles.word}>Problems</span>
      <Count value={count} />
    </Button>
  );
}
