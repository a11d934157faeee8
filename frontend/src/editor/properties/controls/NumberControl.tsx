import type { KeyboardEvent } from "react";
import { classes } from "../../../ui/classes";
import type { ControlProps } from "../form/field";
import { limitWords, readNumber, stepNumber } from "../form/number";
import styles from "./box.module.css";
import { asksForVariable, placeholderOf } from "./TextControl";

/** A figure, typed as text so that no wheel changes it. What is out of its limits is kept as typed, not saved. */
export function NumberControl({ property, field, naming, readOnly, shortcuts }: ControlProps) {
  const { literal, typed } = field.draft;
  const text = typed ?? (typeof literal === "number" ? String(literal) : "");
  const type = (next: string) => {
    const read = readNumber(next, property);
    if ("error" in read) field.setTyped(next);
    else field.setLiteral(read.value, next);
  };
  const press = (event: KeyboardEvent) => {
    asksForVariable(event, text, shortcuts.toVariable);
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : null;
    if (!direction || readOnly) return;
    event.preventDefault();
    field.setLiteral(stepNumber(literal, direction, property));
  };
  return (
    <span className={classes(styles.box, naming.invalid && styles.bad, readOnly && styles.locked)}>
      <input
        id={naming.id}
        className={classes(styles.input, styles.figure)}
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.invalid || undefined}
        aria-required={property.required || undefined}
        aria-valuenow={typeof literal === "number" ? literal : undefined}
        aria-valuemin={property.minimum ?? undefined}
        aria-valuemax={property.maximum ?? undefined}
        readOnly={readOnly}
        placeholder={placeholderOf(property)}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={press}
      />
      {limitWords(property) ? <span className={styles.end}>{limitWords(property)}</span> : null}
    </span>
  );
}
