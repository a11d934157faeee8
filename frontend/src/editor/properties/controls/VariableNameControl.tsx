import { classes } from "../../../ui/classes";
import { textOf } from "../form/draft";
import type { ControlProps } from "../form/field";
import { readName } from "../form/name";
import styles from "./box.module.css";
import { placeholderOf } from "./TextControl";

interface VariableNameControlProps extends ControlProps {
  /** When the variable is given its value, such as "each message". */
  when: string | null;
}

/** The name of a variable that the node sets. */
export function VariableNameControl({ property, field, naming, readOnly, when }: VariableNameControlProps) {
  const { literal, typed } = field.draft;
  const type = (next: string) => {
    if (readName(next, property.title)) field.setTyped(next);
    else field.setLiteral(next, next);
  };
  return (
    <span className={classes(styles.box, naming.invalid && styles.bad, readOnly && styles.locked)}>
      <input
        id={naming.id}
        className={classes(styles.input, styles.code)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.invalid || undefined}
        aria-required={property.required || undefined}
        readOnly={readOnly}
        placeholder={placeholderOf(property)}
        value={typed ?? textOf(literal)}
        onChange={(event) => type(event.target.value)}
      />
      {when ? <span className={styles.end}>{when}</span> : null}
    </span>
  );
}
