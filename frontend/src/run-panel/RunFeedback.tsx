import { useRunFeedback } from "../api/feedback";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";
import { FeedbackMark } from "./FeedbackMark";
import styles from "./RunFeedback.module.css";

/** What the visitor of a chat page thinks of the answer of the shown run, with the whole remark. */
export function RunFeedback() {
  const run = useShownRun((shown) => shown.run);
  const hasEnded = useShownRun((shown) => !isRunning(shown.state));
  const { data: feedback } = useRunFeedback(run, hasEnded);
  if (!feedback) return null;
  return (
    <section className={styles.feedback} aria-label="Feedback of the visitor">
      <FeedbackMark feedback={{ ...feedback, remark: "" }} />
      {feedback.remark ? <p className={styles.remark}>{feedback.remark}</p> : null}
    </section>
  );
}
