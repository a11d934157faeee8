import { Command } from "cmdk";
import { type KeyboardEvent, type RefObject, useState } from "react";
import type { ActionDescription, Catalogue } from "../../api/types";
import { ActionIcon } from "../canvas/card/ActionIcon";
import { useEnterGuard } from "../../ui/controls/useEnterGuard";
import { useSearchKeys } from "../../ui/controls/useSearchKeys";
import { IconButton } from "../../ui/controls/Button";
import { Icon } from "../../ui/icons/Icon";
import { Tooltip } from "../../ui/overlays/Tooltip";
import { listFamilies, type PaletteFamily, searchFamilies } from "./families";
import { useOpenFamilies } from "./useOpenFamilies";
import styles from "./Palette.module.css";
import { useDragAction } from "./useDragAction";

interface PaletteProps {
  catalogue: Catalogue;
  search: RefObject<HTMLInputElement | null>;
  /** Whether the action can follow the selected card. A search shows such actions before others that it finds as well. */
  fits: (action: ActionDescription) => boolean;
  onFold: () => void;
  /** Called for `Enter` or a click: adds the action after the selected node. */
  onAdd: (action: ActionDescription) => void;
}

/** The list of all actions. A person finds one by its name, drags it onto the canvas, or adds it with `Enter`. */
export function Palette({ catalogue, search, fits, onFold, onAdd }: PaletteProps) {
  const [query, setQuery] = useState("");
  const guardEnter = useEnterGuard(query);
  const { clear, handleKey } = useSearchKeys(query, setQuery);
  return (
    <aside className={styles.palette} aria-label="Actions">
      <header className={styles.head}>
        <b>Actions</b>
        <Tooltip text="Hide actions  [">
          <IconButton icon="foldPanel" label="Hide actions" onClick={onFold} />
        </Tooltip>
      </header>
      {/* The list has Ctrl+K, J, N and P of its own, which belong to the editor. */}
      <Command
        className={styles.command}
        label="Actions"
        shouldFilter={false}
        vimBindings={false}
        onKeyDown={guardEnter}
      >
        <label className={styles.find}>
          <Icon name="search" size={14} />
          <Command.Input
            ref={search}
            value={query}
            onValueChange={setQuery}
            placeholder="Find an action"
            aria-keyshortcuts="/"
            onKeyDown={(event) => {
              if (handleKey(event)) event.preventDefault();
              else if (event.key === "Escape") event.currentTarget.blur();
            }}
          />
          {query ? <IconButton icon="close" label="Empty the search" onClick={clear} /> : <kbd>/</kbd>}
        </label>
        <Command.List ref={makeGroup} className={styles.list} label="Actions">
          <Command.Empty className={styles.none}>No action has this name.</Command.Empty>
          {searchFamilies(listFamilies(catalogue), query, fits).map((family) => (
            <Family key={family.id} family={family} searching={query !== ""} onAdd={onAdd} />
          ))}
        </Command.List>
      </Command>
      <p className={styles.hint}>
        Drag onto the canvas, or onto an edge to insert. <kbd>Enter</kbd> adds after the selected node.
      </p>
    </aside>
  );
}

/** Makes the list a group of one listbox for each family: a listbox may not hold the buttons that fold the families. */
function makeGroup(list: HTMLElement | null): void {
  list?.setAttribute("role", "group");
}

interface FamilyProps {
  family: PaletteFamily;
  searching: boolean;
  onAdd: (action: ActionDescription) => void;
}

function Family({ family, searching, onAdd }: FamilyProps) {
  const { isOpen, toggle } = useOpenFamilies();
  const open = searching || isOpen(family.id);
  // The head is no `heading` of the list's group, which would hide the button from screen readers.
  return (
    <div className={styles.group}>
      <button
        type="button"
        className={styles.family}
        aria-expanded={open}
        onClick={() => toggle(family.id)}
        onKeyDown={keepFromList}
      >
        <Icon name={open ? "down" : "right"} size={12} />
        {family.title}
        {open ? null : <span className={styles.count}>{family.items.length}</span>}
      </button>
      <Command.Group value={family.id}>
        {open ? (
          <div role="listbox" aria-label={family.title}>
            {family.items.map((action) => (
              <PaletteItem key={action.type} action={action} onAdd={onAdd} />
            ))}
          </div>
        ) : null}
      </Command.Group>
    </div>
  );
}

/** Keeps a key that presses the button from the list, which would add an action. */
function keepFromList(event: KeyboardEvent): void {
  if (event.key === "Enter" || event.key === " ") event.stopPropagation();
}

interface PaletteItemProps {
  action: ActionDescription;
  onAdd: (action: ActionDescription) => void;
}

function PaletteItem({ action, onAdd }: PaletteItemProps) {
  const drag = useDragAction(action);
  return (
    <Command.Item
      className={styles.item}
      value={action.type}
      title={action.summary}
      onSelect={() => onAdd(action)}
      {...drag}
    >
      <span className={styles.tile}>
        <ActionIcon action={action} className={styles.icon} />
        <Icon name="grip" size={14} className={styles.grip} />
      </span>
      <span className={styles.title}>{action.title}</span>
    </Command.Item>
  );
}
