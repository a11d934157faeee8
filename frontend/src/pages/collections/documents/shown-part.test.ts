import { expect, test } from "vitest";
import { describeShownPart } from "./shown-part";

test("a list that is full says how many documents there are", () => {
  expect(describeShownPart(1_000, 12_345)).toBe(
    "These are the newest 1,000 of 12,345 documents. A search finds all of them.",
  );
});

test.each([
  [1_000, 1_000],
  [999, 1_000], // one was deleted, and the count is not loaded again yet
  [0, 0],
])("a list of %i of %i documents says nothing", (listed, total) => {
  expect(describeShownPart(listed, total)).toBeNull();
});
