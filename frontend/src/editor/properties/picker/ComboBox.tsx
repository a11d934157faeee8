import { Popover } from "radix-ui";
import { type KeyboardEvent, type ReactNode, type Ref, useRef } from "react";
import { joinClasses } from "../../../ui/classes";
import styles from "./ComboBox.module.css";
import { useListbox } from "./useListbox";

export interface Entry {
  key: string;
  /** The heading above the entry, where it differs from the one before. */
  group?: string;
  indented?: boolean;
  label: ReactNode;
  /** The text at the right end. */
  end?: ReactNode;
  hint?: ReactNode;
}

interface ComboBoxProps {
  ref?: Ref<HTMLInputElement>;
  id: string;
  labelledBy: string;
  describedBy?: string;
  invalid?: boolean;
  required?: boolean;
  readOnly?: boolean;
  placeholder?: string;
  code?: boolean;
  /** The part of the box after the text. */
  end?: ReactNode;
  text: string;
  onType: (text: string) => void;
  entries: readonly Entry[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onChoose: (index: number) => void;
  /** Called for Enter while no entry is marked. */
  onEnter: () => void;
  onEscape?: () => void;
  onLeave?: () => void;
  /** Called for every key first; returns whether it was for the caller. */
  onKey?: (event: KeyboardEvent) => boolean;
  startsAtFirst?: boolean;
  /** The list also opens when the field gets the focus by a key. A click opens it in any case. */
  opensOnFocus?: boolean;
  /** The text under the entries, or in their place. */
  note?: ReactNode;
}

/** A text field with a list of proposals. Any text is allowed. */
export function ComboBox({ ref, ...props }: ComboBoxProps) {
  const { text, entries, open, onOpenChange, onChoose, onEnter, onEscape, startsAtFirst = false } = props;
  const box = useRef<HTMLSpanElement>(null);
  const list = useListbox({
    count: entries.length,
    open,
    startsAtFirst,
    onOpenChange,
    onChoose,
    onEnter,
    onEscape,
  });
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Anchor asChild>
        <span ref={box} className={joinClasses(styles.box, props.invalid && styles.bad)}>
          <input
            ref={ref}
            id={props.id}
            className={joinClasses(styles.input, props.code && styles.code)}
            role="combobox"
            aria-labelledby={props.labelledBy}
            aria-describedby={props.describedBy}
            aria-invalid={props.invalid || undefined}
            aria-required={props.required || undefined}
            aria-expanded={open}
            aria-controls={open ? list.listId : undefined}
            aria-autocomplete="list"
            aria-activedescendant={open && list.marked >= 0 ? list.optionId(list.marked) : undefined}
            autoComplete="off"
            spellCheck={false}
            readOnly={props.readOnly}
            placeholder={props.placeholder}
            value={text}
            onChange={(event) => props.onType(event.target.value)}
            onClick={() => !props.readOnly && onOpenChange(true)}
            onFocus={() => props.opensOnFocus && !props.readOnly && onOpenChange(true)}
            onKeyDown={(event) => {
              if (props.onKey?.(event)) event.preventDefault();
              else if (!props.readOnly) list.onKeyDown(event);
            }}
            onBlur={() => {
              onOpenChange(false);
              props.onLeave?.();
            }}
          />
          {props.end}
        </span>
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          className={styles.list}
          role="group"
          aria-labelledby={props.labelledBy}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => box.current?.contains(event.target as Node) && event.preventDefault()}
          // A press in the list must not move the focus out of the text.
          onPointerDown={(event) => event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
        >
          <Entries {...props} list={list} />
          {props.note ? <div className={styles.note}>{props.note}</div> : null}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface EntriesProps extends Pick<ComboBoxProps, "entries" | "onChoose" | "labelledBy"> {
  list: ReturnType<typeof useListbox>;
}

function Entries({ entries, list, labelledBy, onChoose }: EntriesProps) {
  return (
    <ul id={list.listId} role="listbox" aria-labelledby={labelledBy} className={styles.entries}>
      {entries.map(({ key, group, indented, label, end, hint }, index) => (
        <li key={key} role="presentation">
          {group && group !== entries[index - 1]?.group ? <div className={styles.group}>{group}</div> : null}
          <div
            id={list.optionId(index)}
            role="option"
            aria-selected={index === list.marked}
            className={joinClasses(styles.entry, indented && styles.indented)}
            onPointerMove={() => list.setMarked(index)}
            onClick={() => onChoose(index)}
          >
            <span className={styles.label}>{label}</span>
            {end ? <span className={styles.end}>{end}</span> : null}
            {hint ? <span className={styles.hint}>{hint}</span> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
