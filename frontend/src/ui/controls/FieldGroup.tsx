import type { ReactNode } from "react";
import styles from "./Field.module.css";
import { Icon } from "../icons/Icon";

interface FieldGroupProps {
  legend: string;
  help?: string;
  error?: string | null;
  children: ReactNode;
}

/** Several controls under one name, such as a set of checkboxes. */
export function FieldGroup({ legend, help, error, children }: FieldGroupProps) {
  return (
    <fieldset className={styles.field}>
      <legend className={styles.label}>{legend}</legend>
      {help ? <p className={styles.groupHelp}>{help}</p> : null}
      {children}
      {error ? (
        <p className={`${styles.help ?? ""} ${styles.error ?? ""}`} role="alert">
          <Icon name="failed" size={12} />
          <span>{error}</span>
        </p>
      ) : null}
    </fieldset>
  );
}
