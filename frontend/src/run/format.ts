/** Figures of a run in words: always with their unit, and of a width that can be reserved. */

/** A duration that grows: tenths of a second, so that its width seldom changes. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 60) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** A pace per second: `58`, or `0.4` where whole numbers say nothing. */
export function formatPace(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}

/** The time of day, as the builder's clock shows it. */
export function formatTimeOfDay(at: string): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** The first part of an id: enough to tell runs apart by eye. */
export function shortenId(id: string): string {
  return id.slice(0, 8);
}

/** Whether a client sent more than nothing. */
export function hasContent(input: unknown): boolean {
  return typeof input === "object" && input !== null && Object.keys(input).length > 0;
}

/** What was sent, in one line: the prompt of a chat, else the JSON. */
export function describeInput(input: unknown): string {
  return getPrompt(input) || (hasContent(input) ? JSON.stringify(input) : "");
}

/** What was asked, where the input is that of a chat. */
export function getPrompt(input: unknown): string {
  const prompt = typeof input === "object" && input !== null && "prompt" in input ? input.prompt : null;
  return typeof prompt === "string" ? prompt : "";
}
