import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { ActionIcon } from "../canvas/card/ActionIcon";
import { useCanvasView } from "../canvas/useCanvasView";
import { getAction } from "../../graph/action-index";
import { useActions } from "../../graph/useActions";
import { getTitle } from "../../graph/document";
import type { Autosave } from "../../saving/autosave";
import { redoEdit, select, undoEdit } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { Icon } from "../../ui/icons/Icon";
import styles from "./CommandMenu.module.css";
import { focusNode } from "../canvas/gestures/focus";
import { type Act, keysOf } from "./keys";
import { changeLayout, openRunTab, isPaletteOpen, useLayout } from "../layout";
import { useRunControls } from "../run-controls";

interface CommandMenuProps {
  autosave: Autosave;
  onClose: () => void;
  onHelp: () => void;
}

interface MenuCommand {
  words: string;
  act?: Act;
  do: () => void;
}

/** Every command by its name, and every node of the flow. */
export function CommandMenu({ autosave, onClose, onHelp }: CommandMenuProps) {
  const commands = useCommands(autosave, onHelp);
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.scrim} />
        <Dialog.Content className={styles.menu} aria-describedby={undefined}>
          <Dialog.Title className={styles.name}>Commands and nodes</Dialog.Title>
          <Command label="Commands and nodes" loop>
            <label className={styles.find}>
              <Icon name="search" />
              <Command.Input autoFocus placeholder="Find a command or a node" />
            </label>
            <Command.List className={styles.list}>
              <Command.Empty className={styles.none}>Nothing is called that.</Command.Empty>
              <Command.Group heading="Commands">
                {commands.map(({ words, act, do: run }) => (
                  <Command.Item key={words} className={styles.item} onSelect={() => then(onClose, run)}>
                    {words}
                    {act ? <kbd>{keysOf(act)}</kbd> : null}
                  </Command.Item>
                ))}
              </Command.Group>
              <NodeItems onClose={onClose} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The menu gives the focus back first, so that a command can move it. */
function then(close: () => void, run: () => void): void {
  close();
  setTimeout(run);
}

function NodeItems({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const nodes = useGraph((graph) => graph.graph.nodes);
  const go = (id: string): void => {
    select([id]);
    focusNode(id);
  };
  return (
    <Command.Group heading="Nodes">
      {nodes.map((node) => {
        const action = getAction(actions, node);
        return (
          <Command.Item
            key={node.id}
            value={node.id}
            keywords={[getTitle(node, action.title), action.title]}
            className={styles.item}
            onSelect={() => then(onClose, () => go(node.id))}
          >
            <ActionIcon action={action} className={styles.icon} />
            {getTitle(node, action.title)}
            <code>{node.id}</code>
          </Command.Item>
        );
      })}
    </Command.Group>
  );
}

function useCommands(autosave: Autosave, onHelp: () => void): MenuCommand[] {
  const view = useCanvasView();
  const acts = useRunControls();
  const readOnly = useGraph((graph) => graph.readOnly);
  const layout = useLayout();
  const looking: MenuCommand[] = [
    { words: "Fit to view", act: "fit", do: () => view.fit() },
    {
      words: "Show or hide actions",
      act: "palette",
      do: () => changeLayout({ palette: !isPaletteOpen(layout) }),
    },
    {
      words: "Show or hide properties",
      act: "properties",
      do: () => changeLayout({ properties: !layout.properties }),
    },
    {
      words: "Show or hide the run panel",
      act: "runPanel",
      do: () => changeLayout({ runPanel: !layout.runPanel }),
    },
    { words: "Show events", do: () => openRunTab("events") },
    { words: "Show problems", do: () => openRunTab("problems") },
    { words: "Show the runs before", do: () => openRunTab("history") },
    { words: "Show all keys", act: "help", do: onHelp },
  ];
  if (readOnly) return looking;
  return [
    { words: "Run", act: "run", do: () => void acts.run() },
    { words: "Stop", act: "stop", do: () => void acts.stop() },
    { words: "Save now", act: "save", do: () => void autosave.flush() },
    { words: "Undo", act: "undo", do: undoEdit },
    { words: "Redo", act: "redo", do: redoEdit },
    { words: "Tidy up", do: view.tidy },
    ...looking,
  ];
}
