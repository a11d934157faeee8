/** Closes what a growing text has opened, so that `**` and a backtick are not shown until their ends arrive. Pure. */

const FENCE = /^ {0,3}(```|~~~)/gm;

/** The text with an end for the bold or the code that its last paragraph has begun. */
export function closeOpenMarks(text: string): string {
  if ((text.match(FENCE)?.length ?? 0) % 2 === 1) return text;
  const paragraph = text.slice(text.lastIndexOf("\n\n") + 1).replace(/`[^`]*`/g, "");
  if (paragraph.includes("`")) return text.endsWith("`") ? text.slice(0, -1) : `${text}\``;
  if ((paragraph.split("**").length - 1) % 2 === 0) return text;
  return text.endsWith("**") ? text.slice(0, -2) : `${text.trimEnd()}**`;
}
