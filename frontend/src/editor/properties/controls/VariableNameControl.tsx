import { joinClasses } from "../../../ui/classes";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { checkVariableName, describeWhenSet } from "../form/variable-name";
import styles from "./box.module.css";
import { getPlaceholder } from "./TextControl";

/** The name of a variable that the node sets. */
export function VariableNameControl({ action, property, field, naming, readOnly }: ControlProps) {
  const when = describeWhenSet(action, property.name);
  const { literal, typed } = field.draft;
  const type = (next: string) => {
    if (checkVariableName(next, property.title)) field.setTyped(next);
    else field.setLiteral(next, next);
  };
  return (
    <span className={joinClasses(styles.box, naming.isInvalid && styles.bad, readOnly && styles.locked)}>
      <input
        id={naming.id}
        className={joinClasses(styles.input, styles.code)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.isInvalid || undefined}
        aria-required={property.required || undefined}
        readOnly={readOnly}
        placeholder={getPlaceholder(property)}
        value={typed ?? formatLiteral(literal)}
        onChange={(event) => type(event.target.value)}
      />
      {when ? <span className={styles.end}>{when}</span> : null}
    </span>
  );
}
