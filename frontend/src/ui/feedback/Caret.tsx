import styles from "./Caret.module.css";

/** Stands where streamed text goes on. */
export function Caret() {
  return <span className={styles.caret} aria-hidden="true" />;
}
