/** Splits an answer into sentences, for screen readers. Pure. */

/** Screen readers announce only new text, so the beginning of a long answer can be left out. */
const MAX_SPOKEN_CHARACTERS = 1_000;

interface Sentence {
  /** Where the sentence starts in the whole text, which identifies it while the text grows. */
  at: number;
  words: string;
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
