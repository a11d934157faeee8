import styles from "./Caret.module.css";

/** Marks where streamed text continues. */
export function Caret() {
  return <span className={styles.caret} aria-hidden="true" />;
}
