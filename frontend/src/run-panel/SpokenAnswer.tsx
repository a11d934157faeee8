import text from "../ui/text.module.css";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

/** Screen readers announce only new text, so the beginning of a long answer can be left out. */
const MAX_SPOKEN_CHARACTERS = 1_000;

interface Sentence {
  /** Where the sentence starts in the whole text, which identifies it while the text grows. */
  at: number;
  words: string;
}

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

/** The finished sentences; after the run also the rest. */
export function splitSentences(whole: string, isActive: boolean): Sentence[] {
  const from = Math.max(0, whole.length - MAX_SPOKEN_CHARACTERS);
  const marks = whole.slice(from).matchAll(/[.!?…:]["”’)]*(?=\s)|\n+/g);
  const cuts = [...marks].map((mark) => from + mark.index + mark[0].length);
  if (from === 0) cuts.unshift(0);
  if (!isActive) cuts.push(whole.length);
  return cuts
    .slice(0, -1)
    .map((at, index) => ({ at, words: whole.slice(at, cuts[index + 1]).trim() }))
    .filter(({ words }) => words !== "");
}
