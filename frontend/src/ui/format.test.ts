import { describe, expect, test } from "vitest";
import { formatAgo, formatAhead, formatBytes, formatCount, formatDuration } from "./format";

describe("a duration has three figures at most", () => {
  test.each([
    [0, "0 ms"],
    [48.4, "48 ms"],
    [410, "0.41 s"],
    [9_990, "9.99 s"],
    [12_340, "12.3 s"],
    [125_000, "2 min 5 s"],
    [119_600, "2 min 0 s"],
  ])("%d ms is %s", (ms, words) => expect(formatDuration(ms)).toBe(words));
});

// The server writes sizes in the same way: tests/actions/contract/test_sizes.py has the same table.
describe("a size has its unit", () => {
  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [1_000, "1,000 bytes"],
    [1_024, "1 KB"],
    [4_200, "4.1 KB"],
    [65_536, "64 KB"],
    [1_048_575, "1 MB"],
    [52_428_800, "50 MB"],
    [1_073_741_823, "1 GB"],
    [21_474_836_480, "20 GB"],
    [2_199_023_255_552, "2,048 GB"],
  ])("%d is %s", (bytes, words) => expect(formatBytes(bytes)).toBe(words));
});

describe("an age is told in the coarsest word that is true", () => {
  const now = new Date(2026, 10, 23, 9, 30).getTime();
  test.each([
    [new Date(2026, 10, 23, 9, 29, 30), "now"],
    [new Date(2026, 10, 23, 9, 35), "now"],
    [new Date(2026, 10, 23, 9, 28), "2 min ago"],
    [new Date(2026, 10, 23, 3, 0), "6 h ago"],
    [new Date(2026, 10, 23, 0, 10), "9 h ago"],
    [new Date(2026, 10, 22, 23, 50), "yesterday"],
    [new Date(2026, 10, 22, 8, 0), "yesterday"],
    [new Date(2026, 10, 20, 8, 0), "20 Nov"],
    [new Date(2025, 11, 31, 8, 0), "31 Dec 2025"],
  ])("%s is %s", (then, words) => expect(formatAgo(then.toISOString(), now)).toBe(words));
});

test("one thing is not many", () => {
  expect([0, 1, 1284].map((count) => formatCount(count, "run"))).toEqual(["0 runs", "1 run", "1,284 runs"]);
});

describe("what is to come is told in the coarsest word that is true", () => {
  const now = new Date(2026, 10, 23, 9, 30).getTime();
  test.each([
    [new Date(2026, 10, 23, 9, 29), "now"],
    [new Date(2026, 10, 23, 9, 30, 5), "in 1 min"],
    [new Date(2026, 10, 23, 9, 42), "in 12 min"],
    [new Date(2026, 10, 23, 15, 0), "in 5 h"],
    [new Date(2026, 10, 24, 9, 0), "tomorrow"],
    [new Date(2026, 10, 25, 1, 0), "in 2 days"],
    [new Date(2026, 10, 30, 9, 0), "in 7 days"],
    [new Date(2031, 0, 1, 9, 30), "in 1,500 days"],
  ])("%s is %s", (then, words) => expect(formatAhead(then.toISOString(), now)).toBe(words));
});
