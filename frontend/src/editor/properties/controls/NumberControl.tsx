import type { KeyboardEvent } from "react";
import { joinClasses } from "../../../ui/classes";
import type { ControlProps } from "../form/control-props";
import { describeLimits, readNumber, stepNumber } from "../form/typed-number";
import styles from "./box.module.css";
import { openVariableOnEquals, getPlaceholder } from "./TextControl";

/**
 * A number, typed as text so that the mouse wheel cannot change it. A number out of its limits stays in the field and
 * is not saved.
 */
export function NumberControl({ property, field, naming, readOnly, shortcuts }: ControlProps) {
  const { literal, typed } = field.draft;
  const text = typed ?? (typeof literal === "number" ? String(literal) : "");
  const type = (next: string) => {
    const read = readNumber(next, property);
    if ("error" in read) field.setTyped(next);
    else field.setLiteral(read.value, next);
  };
  const press = (event: KeyboardEvent) => {
    openVariableOnEquals(event, text, shortcuts.toVariable);
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : null;
    if (!direction || readOnly) return;
    event.preventDefault();
    field.setLiteral(stepNumber(literal, direction, property));
  };
  return (
    <span className={joinClasses(styles.box, naming.isInvalid && styles.bad, readOnly && styles.locked)}>
      <input
        id={naming.id}
        className={joinClasses(styles.input, styles.figure)}
        role="spinbutton"
        inputMode="decimal"
        autoComplete="off"
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.isInvalid || undefined}
        aria-required={property.required || undefined}
        aria-valuenow={typeof literal === "number" ? literal : undefined}
        aria-valuemin={property.minimum ?? undefined}
        aria-valuemax={property.maximum ?? undefined}
        readOnly={readOnly}
        placeholder={getPlaceholder(property)}
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={press}
      />
      {describeLimits(property) ? <span className={styles.end}>{describeLimits(property)}</span> : null}
    </span>
  );
}
