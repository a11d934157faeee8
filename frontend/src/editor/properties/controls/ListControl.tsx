import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import type { Json } from "../../../api/types";
import { Button, IconButton } from "../../../ui/controls/Button";
import { joinClasses } from "../../../ui/classes";
import { useLocalEdit } from "../../../graph/useLocalEdit";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { isSameJson } from "../picker/scope";
import box from "./box.module.css";
import styles from "./ListControl.module.css";

/** A list of texts, one in each row. Enter adds a row, Backspace in an empty row removes it. */
export function ListControl({ property, field, naming, readOnly }: ControlProps) {
  const { rows, setRows, keepRows, list } = useListRows(field.draft.literal, field.setLiteral);
  const change = (index: number, text: string) =>
    text === "" ? keepRows(rows.with(index, text)) : setRows(rows.with(index, text));
  const add = (after: number) => setRows(rows.toSpliced(after + 1, 0, ""), after + 1);
  const remove = (index: number) => setRows(rows.toSpliced(index, 1), Math.max(0, index - 1));
  const press = (event: KeyboardEvent, index: number) => {
    if (event.key === "Enter") add(index);
    else if (event.key === "Backspace" && rows[index] === "") remove(index);
    else return;
    event.preventDefault();
  };
  return (
    <div ref={list} role="group" aria-labelledby={naming.labelledBy} aria-describedby={naming.describedBy}>
      {rows.map((row, index) => (
        <div key={index} className={styles.row}>
          <span className={joinClasses(box.box, naming.isInvalid && box.bad)}>
            <input
              id={index ? undefined : naming.id}
              className={box.input}
              aria-label={`${property.title}, ${index + 1}`}
              autoComplete="off"
              readOnly={readOnly}
              value={row}
              onChange={(event) => change(index, event.target.value)}
              onKeyDown={(event) => !readOnly && press(event, index)}
              onBlur={() => row === "" && setRows(rows)}
            />
          </span>
          {readOnly ? null : (
            <IconButton icon="close" label={`Remove ${row || "this row"}`} onClick={() => remove(index)} />
          )}
        </div>
      ))}
      {readOnly ? null : (
        <Button
          id={rows.length ? undefined : naming.id}
          kind="quiet"
          icon="add"
          aria-label={`Add to ${property.title}`}
          className={styles.add}
          onClick={() => add(rows.length - 1)}
        >
          Add
        </Button>
      )}
    </div>
  );
}

/**
 * The rows as they are typed. Empty rows stay here and are not in the value. A row that a person empties keeps its
 * place in the value until the row is filled again or left, so that the edges of its case are not lost meanwhile.
 */
function useListRows(value: Json | undefined, onChange: (value: Json | undefined) => void) {
  const list = useRef<HTMLDivElement>(null);
  const wantedFocus = useRef<number | null>(null);
  const [state, setState] = useState(() => ({ rows: toRows(value), seen: dropEmptyRows(toRows(value)) }));
  const given = dropEmptyRows(toRows(value));
  const current = isSameJson(state.seen, given) ? state : { rows: toRows(value), seen: given };
  if (current !== state) setState(current);
  const local = useLocalEdit();
  const showRows = (next: typeof current) => {
    setState(next);
    if (next.rows.includes("")) local.begin("Add row", () => setState({ rows: toRows(value), seen: given }));
  };
  const keepRows = (rows: string[]) => showRows({ ...current, rows });
  const setRows = (rows: string[], focus?: number) => {
    const seen = dropEmptyRows(rows);
    if (!isSameJson(seen, current.seen)) onChange(seen.length ? seen : undefined);
    if (!isSameJson(seen, current.seen) || !rows.includes("")) local.end();
    showRows({ rows, seen });
    if (focus !== undefined) wantedFocus.current = focus;
  };
  // Before the next key comes, which belongs to the new row.
  useLayoutEffect(() => {
    if (wantedFocus.current === null) return;
    list.current?.querySelectorAll("input")[wantedFocus.current]?.focus();
    wantedFocus.current = null;
  });
  return { rows: current.rows, setRows, keepRows, list };
}

function toRows(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(formatLiteral) : [];
}

function dropEmptyRows(rows: string[]): string[] {
  return rows.filter((row) => row !== "");
}
