import text from "../ui/text.module.css";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

/** Only what is new is spoken, so the beginning of a long answer can go. */
const MAX_SPOKEN_CHARACTERS = 1_000;

interface Sentence {
  /** Where it begins in the whole text: its identity while the text grows. */
  at: number;
  words: string;
}

/** The answer for screen readers: a polite region that grows by whole sentences. */
export function SpokenAnswer() {
  const answer = useShownRun((shown) => shown.state.text);
  const going = useShownRun((shown) => isRunning(shown.state));
  return (
    <div className={text.hidden} role="log" aria-live="polite" aria-label="Answer, spoken">
      {splitSentences(answer, going).map(({ at, words }) => (
        <span key={at}>{words} </span>
      ))}
    </div>
  );
}

/** The sentences that have ended; at the end of the run, the rest too. */
export function splitSentences(whole: string, going: boolean): Sentence[] {
  const from = Math.max(0, whole.length - MAX_SPOKEN_CHARACTERS);
  const marks = whole.slice(from).matchAll(/[.!?…:]["”’)]*(?=\s)|\n+/g);
  const cuts = [...marks].map((mark) => from + mark.index + mark[0].length);
  if (from === 0) cuts.unshift(0);
  if (!going) cuts.push(whole.length);
  return cuts
    .slice(0, -1)
    .map((at, index) => ({ at, words: whole.slice(at, cuts[index + 1]).trim() }))
    .filter(({ words }) => words !== "");
}
