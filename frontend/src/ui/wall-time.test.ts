import { expect, test } from "vitest";
import { formatInZone, formatWallTime } from "./wall-time";

/** Versions of the browser's data differ in a comma. */
const strip = (text: string) => text.replace(/^(\w+),/, "$1");

test.each([
  ["2026-11-30T09:00:00+01:00", "Mon 30 Nov, 09:00 +01:00"],
  ["2027-01-01T00:30:00-08:00", "Fri 1 Jan, 00:30 -08:00"],
  ["2026-11-30T09:00:00+00:00", "Mon 30 Nov, 09:00 UTC"],
])("%s is written as its own clocks show it", (iso, words) => expect(strip(formatWallTime(iso))).toBe(words));

test.each([
  ["Europe/Berlin", "Mon 30 Nov, 09:00"],
  ["America/New_York", "Mon 30 Nov, 03:00"],
  ["Moon/Base", "Mon 30 Nov, 08:00 UTC"],
])("in %s, a moment is told by the clocks there", (zone, words) =>
  expect(strip(formatInZone("2026-11-30T08:00:00Z", zone))).toBe(words),
);
