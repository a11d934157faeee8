import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { getAction } from "../../graph/action-index";
import { getTitle } from "../../graph/document";
import { select } from "../../graph/store";
import { useActions } from "../../graph/useActions";
import { useGraph } from "../../graph/useGraph";
import { Icon } from "../../ui/icons/Icon";
import { ActionIcon } from "../canvas/card/ActionIcon";
import { focusNode } from "../canvas/gestures/focus";
import { allCommands } from "./all-commands";
import styles from "./CommandMenu.module.css";
import { performCommand } from "./perform-command";
import { getShortcut } from "./shortcuts";
import { useEditorTools } from "./useEditorTools";
import { openCommandMenu } from "./view/open-command-menu";

/** Every command that can be performed now, by its title, and every node of the flow. */
export function CommandMenu({ onClose }: { onClose: () => void }) {
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
              <Command.Empty className={styles.none}>No command and no node has this name.</Command.Empty>
              <CommandItems onClose={onClose} />
              <NodeItems onClose={onClose} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Closes the menu first, which returns the focus, so that the command can move the focus. */
function closeThen(close: () => void, act: () => void): void {
  close();
  setTimeout(act);
}

function CommandItems({ onClose }: { onClose: () => void }) {
  const tools = useEditorTools();
  const commands = allCommands.filter(
    (command) => command !== openCommandMenu && !command.readsKey && command.enabled(tools),
  );
  return (
    <Command.Group heading="Commands">
      {commands.map((command) => (
        <Command.Item
          key={command.id}
          value={command.title}
          className={styles.item}
          onSelect={() => closeThen(onClose, () => performCommand(command, tools))}
        >
          <Icon name={command.icon} />
          {command.title}
          {command.keys.length > 0 ? <kbd>{getShortcut(command)}</kbd> : null}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function NodeItems({ onClose }: { onClose: () => void }) {
  const actions = useActions();
  const nodes = useGraph((graph) => graph.graph.nodes);
  const goTo = (id: string): void => {
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
            onSelect={() => closeThen(onClose, () => goTo(node.id))}
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
