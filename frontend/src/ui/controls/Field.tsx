import { type ReactNode, useId } from "react";
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
  className?: string;
  children: (control: FieldControl) => ReactNode;
}

/** A label, a control, and a line of help or the error. For dialogs and pages. */
export function Field({ label, required, optional, help, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? help;
  return (
    <div className={joinClasses(styles.field, className)}>
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

/** Marks a required field for the eye; screen readers read the control itself. */
export function RequiredDot() {
  return (
    <b className={styles.required} title="Required" aria-hidden="true">
      •
    </b>
  );
}
