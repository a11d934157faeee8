import { type ReactNode, useId } from "react";
import styles from "./Checkbox.module.css";

interface CheckboxProps {
  type?: "checkbox" | "radio";
  /** The group of a radio button. */
  name?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  help?: ReactNode;
  children: ReactNode;
}

/** A checkbox, or a radio button with `type="radio"`. */
export function Checkbox({ type = "checkbox", name, checked, onChange, help, children }: CheckboxProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <input
        id={id}
        type={type}
        name={name}
        className={styles.box}
        checked={checked}
        aria-describedby={help ? `${id}-help` : undefined}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{children}</label>
      {help ? (
        <p id={`${id}-help`} className={styles.help}>
          {help}
        </p>
      ) : null}
    </div>
  );
}
