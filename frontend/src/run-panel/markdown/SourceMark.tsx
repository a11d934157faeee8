import text from "../../ui/text.module.css";
import styles from "./Markdown.module.css";

/** The number of a source that a sentence names. The list of sources stands below the answer. */
export function SourceMark({ number }: { number: number }) {
  return (
    <span className={styles.source}>
      <span className={text.hidden}>Source </span>
      {number}
    </span>
  );
}
