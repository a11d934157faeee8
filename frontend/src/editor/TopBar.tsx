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
import { keysOf } from "./commands/keys";
import { openRunTab } from "./layout";
import { RunButton } from "./RunButton";
import { SaveStatusLabel } from "./SaveStatusLabel";
import styles from "./TopBar.module.css";

const FlowDialog = lazy(async () => ({ default: (await import("../pages/flows/FlowDialog")).FlowDialog }));

interface TopBarProps {
  flow: Pick<Flow, "id" | "name" | "description">;
  onSave: () => void;
  onMenu: () => void;
  onHelp: () => void;
}

/** Which flow, whether it is saved, and what is done with it. */
export function TopBar({ flow, onSave, onMenu, onHelp }: TopBarProps) {
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
        <FlowMenu flow={flow} onMenu={onMenu} onHelp={onHelp} />
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

function FlowMenu({ flow, onMenu, onHelp }: Omit<TopBarProps, "onSave">) {
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
        <MenuItem icon="search" shortcut={keysOf("menu")} onSelect={onMenu}>
          Commands and nodes
        </MenuItem>
        <MenuItem icon="book" shortcut="?" onSelect={onHelp}>
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
  const back = useGraph(({ history }) => history.past.at(-1)?.label);
  const forth = useGraph(({ history }) => history.future.at(-1)?.label);
  return (
    <>
      <Tooltip text={back === undefined ? null : `Undo ${back}  ${keysOf("undo")}`}>
        <IconButton icon="undo" label="Undo" disabled={back === undefined} onClick={undoEdit} />
      </Tooltip>
      <Tooltip text={forth === undefined ? null : `Redo ${forth}  ${keysOf("redo")}`}>
        <IconButton icon="redo" label="Redo" disabled={forth === undefined} onClick={redoEdit} />
      </Tooltip>
      <span className={styles.line} />
    </>
  );
}

/** Only where there are some: a flow without problems needs no button for them. */
function ProblemsButton() {
  const count = useGraph(({ analysis }) => analysis.problems.length);
  if (count === 0) return null;
  return (
    <Button size="l" kind="quiet" className={styles.problems} onClick={() => openRunTab("problems")}>
      <Icon name="alert" />
      Problems
      <Count value={count} />
    </Button>
  );
}
