/** Writes numbers and times for people. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const figure = new Intl.NumberFormat("en");
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayAndYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export function formatNumber(value: number): string {
  return figure.format(value);
}

/** `1 flow`, `4 flows`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** `48 ms`, `0.41 s`, `12.3 s`, `2 min 5 s`: three figures at most. */
export function formatDuration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < MINUTE_MS) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${formatNumber(Math.floor(seconds / 60))} min ${seconds % 60} s`;
}

const BYTE_STEP = 1024;
const BYTE_UNITS = ["KB", "MB", "GB"];

/** `812 bytes`, `4.1 KB`, `50 MB`: each unit is 1,024 of the one before, as in the settings and the messages. */
export function formatBytes(bytes: number): string {
  if (bytes < BYTE_STEP) return formatCount(bytes, "byte");
  let size = bytes / BYTE_STEP;
  let unit = 0;
  while (unit < BYTE_UNITS.length - 1 && Math.round(size) >= BYTE_STEP) {
    size /= BYTE_STEP;
    unit += 1;
  }
  return `${size < 10 ? Number(size.toFixed(1)) : formatNumber(Math.round(size))} ${BYTE_UNITS[unit] ?? ""}`;
}

/** How long ago: `now`, `2 min ago`, `6 h ago`, `yesterday`, `12 Nov`. */
export function formatAgo(iso: string, now: number = Date.now()): string {
  const then = new Date(iso);
  const age = now - then.getTime();
  if (age < MINUTE_MS) return "now";
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
  if (isSameDay(then, now) || age < 6 * HOUR_MS) return `${Math.floor(age / HOUR_MS)} h ago`;
  if (isSameDay(then, now - DAY_MS)) return "yesterday";
  return formatDay(iso, now);
}

/** How far ahead: `now`, `in 2 min`, `in 6 h`, `tomorrow`, `in 12 days`. It names no date: that depends on the time zone. */
export function formatAhead(iso: string, now: number = Date.now()): string {
  const then = new Date(iso);
  const rest = then.getTime() - now;
  if (rest <= 0) return "now";
  if (rest < HOUR_MS) return `in ${Math.ceil(rest / MINUTE_MS)} min`;
  if (isSameDay(then, now) || rest < 6 * HOUR_MS) return `in ${Math.floor(rest / HOUR_MS)} h`;
  if (isSameDay(then, now + DAY_MS)) return "tomorrow";
  return `in ${formatNumber(Math.max(2, Math.round(rest / DAY_MS)))} days`;
}

/** `12 Nov`, with the year when it is another one. */
export function formatDay(iso: string, now: number = Date.now()): string {
  const then = new Date(iso);
  return then.getFullYear() === new Date(now).getFullYear() ? day.format(then) : dayAndYear.format(then);
}

/** Day and time to the second, for tooltips. */
export function formatExact(iso: string): string {
  return exact.format(new Date(iso));
}

function isSameDay(one: Date, other: number): boolean {
  return one.toDateString() === new Date(other).toDateString();
}
