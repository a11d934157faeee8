import { type FocusEvent, type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { joinClasses } from "../classes";
import styles from "./Field.module.css";
import { Icon } from "../icons/Icon";

/** The attributes of a control inside a `Field`. */
export interface FieldControl {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
  "aria-required": true | undefined;
}

interface FieldProps {
  label: string;
  /** "optional" beside the label; a red dot when required. */
  required?: boolean;
  optional?: boolean;
  help?: ReactNode;
  /** Why the value is refused. It takes the place of the help. */
  error?: string | null;
  /** Why the typed value cannot be taken. It is told when the field was left, or Enter was pressed in it. */
  fault?: string | null;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}

/** A label, a control, and a line of help or the error. For dialogs and pages. */
export function Field(props: FieldProps) {
  const { label, required, optional, help, className, children } = props;
  const id = useId();
  const { tried, ...handlers } = useTries();
  const error = props.error ?? (tried ? props.fault : null);
  const note = error ?? help;
  return (
    <div className={joinClasses(styles.field, className)} {...handlers}>
      <div className={styles.label}>
        <label htmlFor={id}>{label}</label>
        {required ? <RequiredDot /> : null}
        {optional ? <span className={styles.optional}> optional</span> : null}
      </div>
      {children({
        id,
        "aria-describedby": note ? `${id}-said` : undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required ? true : undefined,
      })}
      {note ? (
        <p id={`${id}-said`} className={joinClasses(styles.help, error && styles.error)}>
          {error ? <Icon name="failed" size={12} /> : null}
          <span>{note}</span>
        </p>
      ) : null}
    </div>
  );
}

/** Whether a person has left the field, or pressed Enter in it. */
function useTries() {
  const [tried, setTried] = useState(false);
  return {
    tried,
    onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => {
      if (!currentTarget.contains(relatedTarget)) setTried(true);
    },
    onKeyDown: ({ key }: KeyboardEvent) => {
      if (key === "Enter") setTried(true);
    },
  };
}

/** Marks a required field for the eye; screen readers read the control itself. */
export function RequiredDot() {
  return (
    <b className={styles.required} title="Required" aria-hidden="true">
      •
    </b>
  );
}
