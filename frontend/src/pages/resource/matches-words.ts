/** The one search rule of the list pages: the text contains every typed word, in any order and any case. */
export function matchesWords(text: string, typed: string): boolean {
  const searched = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}
