import { expect, test } from "vitest";
import { createCopyName } from "./copy-name";

test.each([
  ["Night desk", "Night desk copy"],
  ["Night desk copy", "Night desk copy 2"],
  ["Night desk copy 9", "Night desk copy 10"],
  ["copy", "copy copy"],
])("the copy of %s is named %s", (name, copy) => expect(createCopyName(name)).toBe(copy));

test("the name of a copy stays within 100 letters", () => {
  expect(createCopyName("x".repeat(100))).toHaveLength(100);
});
