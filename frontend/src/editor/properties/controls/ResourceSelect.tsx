import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import type { ControlProps } from "../form/control-props";
import styles from "./box.module.css";

interface ResourceChoice {
  /** What the graph keeps. */
  value: string;
  title: string;
}

interface ResourceSelectProps extends ControlProps {
  /** Undefined while they are on their way. */
  choices: ResourceChoice[] | undefined;
  /** What stands for no choice, and for no choices. */
  unset: string;
  none: string;
  /** How a value is told that is none of the choices. */
  unknown: (value: string) => string;
}

/** One of the workspace's own things, in the system's own list. */
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
