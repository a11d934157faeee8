import { type ReactNode, useId } from "react";
import { joinClasses } from "../classes";
import styles from "./Field.module.css";
import { Icon } from "../icons/Icon";

/** What a control inside a `Field` needs to be named and described. */
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
  /** Why the value is refused. It stands in the place of the help. */
  error?: string | null;
  className?: string;
  children: (control: FieldControl) => ReactNode;
}

/** A label, a control, and a line of help that gives way to the error. For dialogs and pages. */
export function Field({ label, required, optional, help, error, className, children }: FieldProps) {
  const id = useId();
  const said = error ?? help;
  return (
    <div className={joinClasses(styles.field, className)}>
      <div className={styles.label}>
        <label htmlFor={id}>{label}</label>
        {required ? <RequiredDot /> : null}
        {optional ? <span className={styles.optional}> optional</span> : null}
      </div>
      {children({
        id,
        "aria-describedby": said ? `${id}-said` : undefined,
        "aria-invalid": error ? true : undefined,
        "aria-required": required ? true : undefined,
      })}
      {said ? (
        <p id={`${id}-said`} className={joinClasses(styles.help, error && styles.error)}>
          {error ? <Icon name="failed" size={12} /> : null}
          <span>{said}</span>
        </p>
      ) : null}
    </div>
  );
}

/** The control itself says "required" to a screen reader; the dot says it to the eye. */
export function RequiredDot() {
  return (
    <b className={styles.required} title="Required" aria-hidden="true">
      •
    </b>
  );
}
