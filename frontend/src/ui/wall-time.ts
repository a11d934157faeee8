/** Writes a time as the clocks of another place show it. Pure. */

const style = {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;
const inUtc = new Intl.DateTimeFormat("en-GB", { ...style, timeZone: "UTC" });
const WALL_CHARACTERS = "2026-11-30T09:00:00".length;

/** `Mon 30 Nov, 09:00 +01:00` for `2026-11-30T09:00:00+01:00`. */
export function formatWallTime(iso: string): string {
  const offset = iso.slice(WALL_CHARACTERS);
  const time = inUtc.format(new Date(`${iso.slice(0, WALL_CHARACTERS)}Z`));
  return `${time} ${offset === "+00:00" || offset === "Z" ? "UTC" : offset}`;
}

/** The time zone of this browser, by which it shows times that name none. */
export function getOwnZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `Mon 30 Nov, 09:00` by the clocks of the time zone; by UTC, which is said then, where the browser does not know it. */
export function formatInZone(iso: string, zone: string): string {
  const moment = new Date(iso);
  try {
    return new Intl.DateTimeFormat("en-GB", { ...style, timeZone: zone }).format(moment);
  } catch {
    return `${inUtc.format(moment)} UTC`;
  }
}
