import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import { Tooltip } from "../../../ui/overlays/Tooltip";
import type { ControlNaming } from "../form/control-props";
import { filterPathOptions, listPathOptions, type PathOption, formatType } from "./scope";
import type { ScopeVariable } from "../../../api/types";
import { isAccept } from "./accept-key";
import { ComboBox, type Entry } from "./ComboBox";
import styles from "./VariablePicker.module.css";

interface VariablePickerProps {
  naming: ControlNaming;
  /** A path or any other expression; empty while none is chosen. */
  expression: string;
  scope: ScopeVariable[];
  readOnly: boolean;
  required: boolean;
  /** The list opens at once, as after `=`. */
  startsOpen: boolean;
  /** The path that the empty field shows in grey; null for none. */
  suggested: string | null;
  /** Called for Tab in the empty field; returns whether it took the path. */
  onAccept: () => boolean;
  onChange: (expression: string) => void;
}

/**
 * Shows the chosen path. An empty field opens the list when it gets the focus; over a path, Enter, a click or a letter
 * opens it. A person can also type any expression; Escape and leaving the field keep what was typed, and undo takes it
 * back.
 */
export function VariablePicker(props: VariablePickerProps) {
  const { expression, readOnly, startsOpen, onChange } = props;
  const [typing, setTyping] = useState<string | null>(startsOpen && !readOnly ? expression : null);
  const [back, setBack] = useState(false);

  const finish = (next: string | null, keepFocus: boolean) => {
    if (next !== null && next.trim() !== expression) onChange(next.trim());
    setTyping(null);
    setBack(keepFocus);
  };
  if (typing === null && (expression || readOnly)) {
    return <Chip {...props} autoFocus={back} onOpen={setTyping} onClear={() => onChange("")} />;
  }
  return (
    <PathBox
      {...props}
      text={typing ?? ""}
      editing={typing !== null}
      original={expression}
      onType={setTyping}
      onFinish={finish}
    />
  );
}

interface ChipProps extends VariablePickerProps {
  autoFocus: boolean;
  onOpen: (text: string) => void;
  onClear: () => void;
}

function Chip({ autoFocus, naming, expression, readOnly, onOpen, onClear }: ChipProps) {
  const [clipped, setClipped] = useState(false);
  const press = (event: KeyboardEvent) => {
    if (readOnly || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Backspace" || event.key === "Delete") onClear();
    else if (event.key === "ArrowDown") onOpen(expression);
    else if (event.key.length === 1 && event.key !== " ") onOpen(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Tooltip text={clipped ? expression : null} side="left">
      <button
        autoFocus={autoFocus}
        id={naming.id}
        type="button"
        className={joinClasses(styles.box, naming.isInvalid && styles.bad)}
        aria-labelledby={`${naming.labelledBy} ${naming.id}-path`}
        aria-describedby={naming.describedBy}
        aria-disabled={readOnly || undefined}
        onClick={() => !readOnly && onOpen(expression)}
        onKeyDown={press}
      >
        {expression ? (
          <span className={styles.chip}>
            <Icon name="variable" size={12} />
            <span
              id={`${naming.id}-path`}
              ref={(path) => setClipped(path !== null && path.scrollWidth > path.clientWidth)}
              className={styles.path}
            >
              {expression}
            </span>
          </span>
        ) : null}
      </button>
    </Tooltip>
  );
}

interface PathBoxProps extends VariablePickerProps {
  text: string;
  /** Whether the person types; false for an empty field. */
  editing: boolean;
  original: string;
  onType: (text: string) => void;
  onFinish: (expression: string | null, keepFocus: boolean) => void;
}

function PathBox(props: PathBoxProps) {
  const { naming, scope, text, editing, original, required, onType, onFinish } = props;
  const [open, setOpen] = useState(editing);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!editing || !input.current) return;
    input.current.focus();
    if (input.current.value === original) input.current.select();
  }, [editing, original]);
  const all = listPathOptions(scope);
  const shown = text === original ? all : filterPathOptions(all, text);
  return (
    <ComboBox
      ref={input}
      id={naming.id}
      labelledBy={naming.labelledBy}
      describedBy={naming.describedBy}
      invalid={naming.isInvalid}
      required={required}
      code
      placeholder={props.suggested ?? "Variable or expression"}
      onKey={(event) => isAccept(event, text) && props.onAccept()}
      text={text}
      onType={(typed) => {
        onType(typed);
        setOpen(true);
      }}
      entries={shown.map(createEntry)}
      startsAtFirst={text.trim() !== "" && text !== original}
      open={open}
      opensOnFocus
      onOpenChange={setOpen}
      onChoose={(index) => onFinish(shown[index]?.path ?? null, true)}
      onEnter={() => (editing ? onFinish(text, true) : setOpen(true))}
      onEscape={() => onFinish(editing ? text : null, true)}
      onLeave={() => onFinish(editing ? text : null, false)}
      note={describeOptions(all.length, shown.length)}
    />
  );
}

function createEntry({ path, type, description, from, depth }: PathOption): Entry {
  return {
    key: `${from} ${path}`,
    group: from,
    indented: depth === 1,
    label: <span className={styles.option}>{path}</span>,
    end: formatType(type),
    hint: description,
  };
}

function describeOptions(all: number, shown: number): string {
  if (all === 0) return "No variable is set before this node.";
  return shown === 0 ? "Enter takes it as an expression." : "Type to search, or write an expression.";
}
