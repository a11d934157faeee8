import { expect, test } from "vitest";
import { createFileName } from "./save-file";

test.each([
  ["Night desk", "Night desk.millrace.json"],
  ["Night desk / EU", "Night desk - EU.millrace.json"],
  ["../../etc", "etc.millrace.json"],
  ["...", "flow.millrace.json"],
  ["水車", "水車.millrace.json"],
])("the file of %j is named %j", (name, file) => {
  expect(createFileName(name)).toBe(file);
});
