import { expect, test } from "vitest";
import { findLimitFault, noLimits, toLimits } from "./limits";

test("an empty limit is none, and digits may be parted", () => {
  expect(toLimits({ ...noLimits, tokens_per_day: "1,000 000" })).toEqual({ tokens_per_day: 1_000_000 });
  expect(findLimitFault(noLimits)).toBeNull();
});

test("a limit that is no whole number from 1 is told", () => {
  for (const text of ["0", "-1", "1.5", "many"])
    expect(findLimitFault({ ...noLimits, runs_at_once: text })).toMatch(/^Running at once is/);
});
