/** A text in which some of its words are marked, wherever they stand in it as a whole. */
export function MarkedText({ text, words }: { text: string; words: readonly string[] }) {
  return splitAtWords(text, words).map((piece, index) =>
    piece.isMarked ? <mark key={index}>{piece.text}</mark> : piece.text,
  );
}

interface Piece {
  text: string;
  isMarked: boolean;
}

/** Returns the text in pieces, which together are the text. */
function splitAtWords(text: string, words: readonly string[]): Piece[] {
  if (words.length === 0) return [{ text, isMarked: false }];
  const longestFirst = [...words].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map(buildWordPattern).join("|"), "gu");
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    pieces.push({ text: text.slice(end, match.index), isMarked: false }, { text: match[0], isMarked: true });
    end = match.index + match[0].length;
  }
  return [...pieces, { text: text.slice(end), isMarked: false }];
}

const spacedLetter = /^[\p{L}\p{N}_]/u;
const denseScript =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** A word of a script with spaces is marked only where it is a whole word. */
function buildWordPattern(word: string): string {
  const literal = word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const isSpaced = spacedLetter.test(word) && !denseScript.test(word);
  return isSpaced ? `(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}\\p{M}_])` : literal;
}
