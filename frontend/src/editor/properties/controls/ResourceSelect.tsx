import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import type { ControlProps } from "../form/control-props";
import styles from "./box.module.css";

interface ResourceChoice {
  /** The value in the graph. */
  value: string;
  title: string;
}

interface ResourceSelectProps extends ControlProps {
  /** Undefined while they are loaded. */
  choices: ResourceChoice[] | undefined;
  /** The option for no choice, and the option when there are no choices. */
  unset: string;
  none: string;
  /** The title of a value that is none of the choices. */
  unknown: (value: string) => string;
}

/** Chooses a resource of the workspace, in the list of the operating system. */
export function ResourceSelect(props: ResourceSelectProps) {
  const { property, field, naming, readOnly, choices, unset, none, unknown } = props;
  const value = typeof field.draft.literal === "string" ? field.draft.literal : "";
  const strange = value !== "" && !choices?.some((choice) => choice.value === value);
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
        value={value}
        onChange={(event) => field.setLiteral(event.target.value)}
      >
        <option value="">{choices === undefined ? "…" : choices.length ? unset : none}</option>
        {strange ? <option value={value}>{choices ? unknown(value) : "…"}</option> : null}
        {choices?.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.title}
          </option>
        ))}
      </select>
      <Icon name="down" size={14} className={styles.arrow} />
    </span>
  );
}
