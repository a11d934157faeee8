import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { useSession } from "../pages/account/session";
import { UserMenu } from "../pages/account/UserMenu";
import type { Flow } from "../api/types";
import { redoEdit, undoEdit } from "../graph/store";
import { useGraph } from "../graph/useGraph";
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
import { openRunTab } from "./layout";
import { RunButton } from "./RunButton";
import { SaveStatusLabel } from "./SaveStatusLabel";
import styles from "./TopBar.module.css";

const FlowDialog = lazy(async () => ({ default: (await import("../pages/flows/FlowDialog")).FlowDialog }));

interface TopBarProps {
  flow: Pick<Flow, "id" | "name" | "description">;
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
        <span className={styles.slash}>/</span>
        <FlowMenu flow={flow} />
      </nav>
      <SaveStatusLabel onRetry={onSave} />
      <span className={text.grow} />
      {readOnly ? null : <UndoRedo />}
      <ProblemsButton />
      {readOnly ? null : <RunButton />}
      <UserMenu compact />
    </header>
  );
}

function FlowMenu({ flow }: Pick<TopBarProps, "flow">) {
  const tools = useEditorTools();
  const [renaming, setRenaming] = useState(false);
  const readOnly = useGraph((graph) => graph.readOnly);
  return (
    <>
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
          <MenuItem icon="edit" onSelect={() => setRenaming(true)}>
            Rename flow
          </MenuItem>
        )}
        <MenuItem icon="search" shortcut={getShortcut(openCommandMenu)} onSelect={tools.openCommandMenu}>
          Commands and nodes
        </MenuItem>
        <MenuItem icon="book" shortcut={getShortcut(showShortcuts)} onSelect={tools.openShortcutSheet}>
          Keys
        </MenuItem>
      </Menu>
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
        <IconButton icon="undo" label="Undo" disabled={undoLabel === undefined} onClick={undoEdit} />
      </Tooltip>
      <Tooltip text={redoLabel === undefined ? null : `Redo ${redoLabel}  ${getShortcut(redo)}`}>
        <IconButton icon="redo" label="Redo" disabled={redoLabel === undefined} onClick={redoEdit} />
      </Tooltip>
      <span className={styles.line} />
    </>
  );
}

/** Opens the list of problems. A flow without problems shows no button, but keeps its place, so that nothing moves. */
function ProblemsButton() {
  const count = useGraph(({ analysis }) => analysis.problems.length);
  return (
    <Button
      size="l"
      kind="quiet"
      className={styles.problems}
      hidden={count === 0}
      onClick={() => openRunTab("problems")}
    >
      <Icon name="alert" />
      Problems
      <Count value={count} />
    </Button>
  );
}
