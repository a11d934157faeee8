import { expect, test } from "vitest";
import { writeCsv } from "./csv";
import { formatDollars } from "./format-usage";
import { findTop } from "./plot-scale";

test("the top of an axis is round", () => {
  expect([0, 1, 3, 7, 90, 0.03, 1234].map(findTop)).toEqual([1, 1, 4, 8, 100, 0.04, 2000]);
});

test("a small cost keeps its figures", () => {
  expect([0, 0.0046, 12.4, 1204, 0.00001].map(formatDollars)).toEqual([
    "$0",
    "$0.0046",
    "$12.40",
    "$1,204",
    "under $0.0001",
  ]);
});

test("cells with commas are quoted, and a formula is only a text", () => {
  expect(writeCsv([["a,b", 'say "x"', 1, null, "=1+1"]])).toBe('"a,b","say ""x""",1,,\'=1+1\r\n');
});
