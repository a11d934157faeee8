import type { Binding } from "../../../api/types";
import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import { formatLiteral } from "../form/property-draft";
import type { ControlProps } from "../form/control-props";
import { isSameJson } from "../picker/scope";
import styles from "./box.module.css";

/**
 * Chooses one of the choices of the property, in the list of the operating system. The default is offered once: to
 * choose it is to leave the property unset.
 */
export function SelectControl({ property, field, naming, readOnly }: ControlProps) {
  const choices = property.choices ?? [];
  const findPosition = (value: Binding | undefined) =>
    choices.findIndex((choice) => isSameJson(choice.value, value));
  const value = field.draft.literal ?? undefined;
  const preset = findPosition(property.default);
  const position = value === undefined ? preset : findPosition(value);
  const strange = value !== undefined && position < 0;
  const choose = (index: number) => field.setLiteral(index === preset ? undefined : choices[index]?.value);
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
        onChange={(event) => choose(Number(event.target.value))}
      >
        {strange ? <option value="strange">{formatLiteral(value)}</option> : null}
        {preset < 0 ? <option value={-1}>{property.required ? "Choose" : "Not set"}</option> : null}
        {choices.map((choice, index) => (
          <option key={choice.title} value={index}>
            {choice.title}
            {index === preset ? " (default)" : ""}
          </option>
        ))}
      </select>
      <Icon name="down" size={14} className={styles.arrow} />
    </span>
  );
}
