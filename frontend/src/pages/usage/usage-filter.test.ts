import { expect, test } from "vitest";
import { findSpan, readFilter, writeFilter } from "./usage-filter";

const NOW = Date.parse("2026-11-29T23:30:00Z");

test("an address without days is about the last 30, and says nothing of them", () => {
  const filter = readFilter(new URLSearchParams(), NOW);
  expect(filter).toEqual({
    from: "2026-10-31",
    to: "2026-11-29",
    flow: null,
    version: null,
    key: null,
    caller: null,
  });
  expect(writeFilter(filter, NOW).toString()).toBe("");
  expect(findSpan(filter, NOW)).toBe(30);
});

test("a choice comes back from the address", () => {
  const filter = {
    ...{ from: "2026-11-01", to: "2026-11-02", flow: "f", version: "3", key: "none" },
    caller: "visitor" as const,
  };
  expect(readFilter(writeFilter(filter, NOW), NOW)).toEqual(filter);
  expect(findSpan(filter, NOW)).toBeNull();
});

test("a day that is none, and a version without a flow, count for nothing", () => {
  const filter = readFilter(new URLSearchParams("from=soon&version=3"), NOW);
  expect([filter.from, filter.version]).toEqual(["2026-10-31", null]);
});
