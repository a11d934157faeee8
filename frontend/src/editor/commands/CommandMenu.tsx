import { Command } from "cmdk";
import { Dialog } from "radix-ui";
import { type ReactNode, useState } from "react";
import { getAction } from "../../graph/action-index";
import { getTitle } from "../../graph/document";
import { select } from "../../graph/store";
import { useActions } from "../../graph/useActions";
import { useGraph } from "../../graph/useGraph";
import { keepFocus } from "../../ui/controls/keep-focus";
import { useEnterGuard } from "../../ui/controls/useEnterGuard";
import { useSearchKeys } from "../../ui/controls/useSearchKeys";
import { hasEveryWord, rankGroups, rankTitle } from "../../ui/rank-title";
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
  const [query, setQuery] = useState("");
  const guardEnter = useEnterGuard(query);
  const { handleKey } = useSearchKeys(query, setQuery);
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.scrim} />
        <Dialog.Content
          className={styles.menu}
          aria-describedby={undefined}
          onEscapeKeyDown={(event) => handleKey(event) && event.preventDefault()}
        >
          <Dialog.Title className={styles.name}>Commands and nodes</Dialog.Title>
          <Command
            label="Commands and nodes"
            loop
            vimBindings={false}
            shouldFilter={false}
            onKeyDown={guardEnter}
          >
            <label className={styles.find}>
              <Icon name="search" />
              <Command.Input
                ref={keepFocus}
                autoFocus
                value={query}
                onValueChange={setQuery}
                placeholder="Find a command or a node"
                onKeyDown={(event) => !event.defaultPrevented && handleKey(event) && event.preventDefault()}
              />
            </label>
            {/* Not in the list, which may hold nothing but entries. */}
            <Command.Empty className={styles.none}>No command and no node has this name.</Command.Empty>
            <Command.List className={styles.list}>
              <MenuEntries typed={query} onClose={onClose} />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface MenuEntry {
  id: string;
  /** The texts by which it is found; the menu shows the first. */
  titles: string[];
  icon: ReactNode;
  /** Its keys, or its id. */
  end: ReactNode;
  choose: () => void;
}

interface MenuGroup {
  heading: string;
  items: MenuEntry[];
}

/** How well an entry fits the typed words: by its best title, then by all of its words. */
function rankEntry(typed: string, titles: string[]): number {
  const rank = Math.max(...titles.map((title) => rankTitle(typed, title)));
  if (rank > 0) return rank;
  return hasEveryWord(typed, titles.join(" ")) ? 0.3 : 0;
}

function MenuEntries({ typed, onClose }: { typed: string; onClose: () => void }) {
  const all: MenuGroup[] = [
    { heading: "Commands", items: useCommandEntries() },
    { heading: "Nodes", items: useNodeEntries() },
  ];
  const groups =
    typed.trim() === "" ? all : rankGroups(all, (entry: MenuEntry) => rankEntry(typed, entry.titles));
  return groups.map(({ heading, items }) => (
    <Command.Group key={heading} heading={heading}>
      {items.map(({ id, titles, icon, end, choose }) => (
        <Command.Item key={id} value={id} className={styles.item} onSelect={() => closeThen(onClose, choose)}>
          {icon}
          {titles[0]}
          {end}
        </Command.Item>
      ))}
    </Command.Group>
  ));
}

/** Closes the menu first, which returns the focus, so that the command can move the focus. */
function closeThen(close: () => void, act: () => void): void {
  close();
  setTimeout(act);
}

function useCommandEntries(): MenuEntry[] {
  const tools = useEditorTools();
  const commands = allCommands.filter(
    (command) => command !== openCommandMenu && !command.readsKey && command.enabled(tools),
  );
  return commands.map((command) => ({
    id: `command ${command.id}`,
    titles: [command.title],
    icon: <Icon name={command.icon} />,
    end: command.keys.length > 0 ? <kbd>{getShortcut(command)}</kbd> : null,
    choose: () => performCommand(command, tools),
  }));
}

function useNodeEntries(): MenuEntry[] {
  const actions = useActions();
  const nodes = useGraph((graph) => graph.graph.nodes);
  return nodes.map((node) => {
    const action = getAction(actions, node);
    return {
      id: `node ${node.id}`,
      titles: [getTitle(node, action.title), action.title, node.id],
      icon: <ActionIcon action={action} className={styles.icon} />,
      end: <code>{node.id}</code>,
      choose: () => {
        select([node.id]);
        focusNode(node.id);
      },
    };
  });
}
