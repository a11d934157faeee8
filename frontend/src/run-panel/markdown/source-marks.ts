/**
 * The numbers of sources within a text: each stands between two characters of Unicode's private use area, which mean
 * nothing in Markdown. Pure.
 */

const MARK = /\uE000(\d{1,4})\uE001/;
const MARK_CHARACTERS = /\uE000\d{0,4}\uE001?|\uE001/g;

/** The mark of a source. The space before it keeps Markdown from reading it as part of a word. */
export function markSource(number: number): string {
  return ` \uE000${number}\uE001`;
}

/** The text without marks, for code, and for what a model has written. */
export function dropSourceMarks(text: string): string {
  return text.replace(MARK_CHARACTERS, "");
}

/** The text as its parts: a number is a mark. */
export function splitSourceMarks(text: string): (string | number)[] {
  return text
    .split(MARK)
    .map((part, index) => (index % 2 === 1 ? Number(part) : dropSourceMarks(part)))
    .filter((part) => part !== "");
}
