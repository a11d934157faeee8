import type { Choice } from "../../../api/types";
import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { isSameJson } from "../picker/scope";
import styles from "./box.module.css";

/** Chooses one of the choices of the property, in the list of the operating system. */
export function SelectControl({ property, field, naming, readOnly }: ControlProps) {
  const choices = property.choices ?? [];
  const value = field.draft.literal;
  const position = choices.findIndex((choice) => isSameJson(choice.value, value));
  const strange = value !== undefined && value !== null && position < 0;
  return (
    <span className={joinClasses(styles.box, styles.over, naming.isInvalid && styles.bad)}>
      <select
        id={naming.id}
        className={joinClasses(styles.input, styles.select)}
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.isInvalid || undefined}
        aria-required={property.required || undefined}
        disabled={readOnly}
        value={strange ? "strange" : position}
        onChange={(event) => field.setLiteral(choices[Number(event.target.value)]?.value)}
      >
        {strange ? <option value="strange">{formatLiteral(value)}</option> : null}
        <option value={-1}>{describeUnset(property.default, choices, property.required)}</option>
        {choices.map((choice, index) => (
          <option key={choice.title} value={index}>
            {choice.title}
          </option>
        ))}
      </select>
      <Icon name="down" size={14} className={styles.arrow} />
    </span>
  );
}

function describeUnset(preset: Choice["value"], choices: Choice[], required: boolean): string {
  const title = choices.find((choice) => isSameJson(choice.value, preset))?.title;
  if (title) return `${title} (default)`;
  return required ? "Choose" : "Not set";
}
