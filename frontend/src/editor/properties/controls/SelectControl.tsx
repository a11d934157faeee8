import type { Choice } from "../../../api/types";
import { classes } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import { textOf } from "../form/draft";
import type { ControlProps } from "../form/field";
import { sameJson } from "../picker/scope";
import styles from "./box.module.css";

/** One of the property's choices, in the system's own list. */
export function SelectControl({ property, field, naming, readOnly }: ControlProps) {
  const choices = property.choices ?? [];
  const value = field.draft.literal;
  const position = choices.findIndex((choice) => sameJson(choice.value, value));
  const strange = value !== undefined && value !== null && position < 0;
  return (
    <span className={classes(styles.box, styles.over, naming.invalid && styles.bad)}>
      <select
        id={naming.id}
        className={classes(styles.input, styles.select)}
        aria-labelledby={naming.labelledBy}
        aria-describedby={naming.describedBy}
        aria-invalid={naming.invalid || undefined}
        aria-required={property.required || undefined}
        disabled={readOnly}
        value={strange ? "strange" : position}
        onChange={(event) => field.setLiteral(choices[Number(event.target.value)]?.value)}
      >
        {strange ? <option value="strange">{textOf(value)}</option> : null}
        <option value={-1}>{unsetWords(property.default, choices, property.required)}</option>
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

function unsetWords(preset: Choice["value"], choices: Choice[], required: boolean): string {
  const title = choices.find((choice) => sameJson(choice.value, preset))?.title;
  if (title) return `${title} (default)`;
  return required ? "Choose" : "Not set";
}
