import type { Feedback } from "../api/types";
import { joinClasses } from "../ui/classes";
import { Icon } from "../ui/icons/Icon";
import text from "../ui/text.module.css";
import styles from "./FeedbackMark.module.css";

/** What a visitor thinks of an answer: a thumb, a word, and the remark as it was typed. */
export function FeedbackMark({ feedback: { rating, remark } }: { feedback: Feedback }) {
  const words = rating === "good" ? "Good" : "Bad";
  return (
    <span className={joinClasses(styles.mark, styles[rating])} title={remark || undefined}>
      <Icon name={rating === "good" ? "good" : "bad"} size={14} />
      <span className={text.hidden}>Rated by the visitor: </span>
      {words}
      {remark ? <span className={joinClasses(styles.remark, text.clip)}>{remark}</span> : null}
    </span>
  );
}
