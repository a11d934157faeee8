/** Writes a time as the clocks of its own place show it. Pure. */

const wall = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});
const local = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const WALL_CHARACTERS = "2026-11-30T09:00:00".length;

/** `Mon 30 Nov, 09:00 +01:00` for `2026-11-30T09:00:00+01:00`; `isHere` writes it by the clock of this browser. */
export function formatWallTime(iso: string, isHere = false): string {
  if (isHere) return local.format(new Date(iso));
  const offset = iso.slice(WALL_CHARACTERS);
  const time = wall.format(new Date(`${iso.slice(0, WALL_CHARACTERS)}Z`));
  return `${time} ${offset === "+00:00" || offset === "Z" ? "UTC" : offset}`;
}
