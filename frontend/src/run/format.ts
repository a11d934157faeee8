/** Writes the figures of a run: always with a unit, and with a steady width. */

/** A growing duration, in tenths of a second, so that its width seldom changes. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** A pace per second: `58`, or `0.4` where a whole number would be too coarse. */
export function formatPace(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}

/** The time of day in the time zone of the browser. */
export function formatTimeOfDay(at: string): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** The first part of an id, which is enough to tell runs apart. */
export function shortenId(id: string): string {
  return id.slice(0, 8);
}

/** Whether the input has any content. */
export function hasContent(input: unknown): boolean {
  return typeof input === "object" && input !== null && Object.keys(input).length > 0;
}

/** The prompt, when the input is that of a chat. */
export function getPrompt(input: unknown): string {
  const prompt = typeof input === "object" && input !== null && "prompt" in input ? input.prompt : null;
  return typeof prompt === "string" ? prompt : "";
}
