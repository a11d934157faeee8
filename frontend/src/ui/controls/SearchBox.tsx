import { type KeyboardEvent, useEffect, useRef } from "react";
import { joinClasses } from "../classes";
import { Icon } from "../icons/Icon";
import styles from "./SearchBox.module.css";
import { useSearchKeys } from "./useSearchKeys";

interface SearchBoxProps {
  /** Also the placeholder, such as "Find a flow". */
  label: string;
  value: string;
  onChange: (value: string) => void;
  className?: string;
}

/** A search field. `/` focuses it from anywhere outside a text. Escape empties it, and then leaves it. */
export function SearchBox({ label, value, onChange, className }: SearchBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  useSlashKey(() => input.current?.focus());
  const { handleKey } = useSearchKeys(value, onChange);
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (handleKey(event)) event.preventDefault();
    else if (event.key === "Escape") event.currentTarget.blur();
  };
  return (
    <label className={joinClasses(styles.box, className)}>
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        className={styles.input}
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={label}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={press}
      />
      {value ? null : <kbd className={styles.key}>/</kbd>}
    </label>
  );
}

function useSlashKey(act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target))
        return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

/** Whether a key press belongs to a text, an open dialog or a menu. */
function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  return target.closest("input, textarea, select, [contenteditable], [role=dialog], [role=menu]") !== null;
}
