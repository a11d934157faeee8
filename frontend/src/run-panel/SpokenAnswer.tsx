import text from "../ui/text.module.css";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";
import { splitSentences } from "./sentences";

/** Announces the answer to screen readers, sentence by sentence. */
export function SpokenAnswer() {
  const answer = useShownRun((shown) => shown.state.text);
  const isActive = useShownRun((shown) => isRunning(shown.state));
  return (
    <div className={text.hidden} role="log" aria-live="polite" aria-label="Answer, spoken">
      {splitSentences(answer, isActive).map(({ at, words }) => (
        <span key={at}>{words} </span>
      ))}
    </div>
  );
}
