import { expect, test } from "vitest";
import { matchesWords } from "./matches-words";

test.each([
  ["Night desk", "", true],
  ["Night desk", "  ", true],
  ["Night desk", "NIGHT", true],
  ["Night desk", "desk night", true],
  ["Night desk", "ight", true],
  ["Night desk", "night shift", false],
])("%s matches “%s”: %s", (text, typed, matches) => expect(matchesWords(text, typed)).toBe(matches));
