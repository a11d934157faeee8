import { describe, expect, test } from "vitest";
import { hasSegments, isPath, getRootVariable, findSegments } from "./bindings";

const TOKENS = ["@@context", "@@userPrompt"];

describe("a template's replaced parts are found as the server finds them", () => {
  test.each<[string, string[]]>([
    ["Dear {{ customer.name }}, about @@userPrompt", ["customer.name", "@@userPrompt"]],
    ["{{a}}{{ b }}", ["a", "b"]],
    ["{{ size(x) > 1 ? '}}' : \"}}\" }} end", ["size(x) > 1 ? '}}' : \"}}\""]],
    ["{{ {'a': {'b': 1}}.a.b }}", ["{'a': {'b': 1}}.a.b"]],
    ["{{ not closed", []],
    ["@@contextual", []],
    ["@@context.", ["@@context"]],
    ["{{ '@@context' }}", ["'@@context'"]],
    ["no parts } here {", []],
  ])("%s holds %j", (text, sources) => {
    expect(findSegments(text, TOKENS).map(({ source }) => source)).toEqual(sources);
  });

  test("each part knows where it stands", () => {
    const text = "A @@context {{ b }}";
    const parts = findSegments(text, TOKENS).map(({ from, to }) => text.slice(from, to));
    expect(parts).toEqual(["@@context", "{{ b }}"]);
  });
});

test("a segment that is not closed yet makes a text a template all the same", () => {
  expect(hasSegments("Hello {{")).toBe(true);
  expect(hasSegments("Hello {")).toBe(false);
  expect(hasSegments("Hello @@context", TOKENS)).toBe(true);
  expect(hasSegments("Hello @@context", [])).toBe(false);
});

describe("a bare path is told from any other expression", () => {
  test.each([
    ["message", true],
    ["searchResult.matches[0].text", true],
    ['headers["x-id"]', true],
    ["true", false],
    ["a + b", false],
    ["size(a)", false],
    ["1a", false],
    ["", false],
  ])("%s: %s", (source, path) => expect(isPath(source)).toBe(path));

  test("it begins with a variable", () => expect(getRootVariable("history[0].text")).toBe("history"));
});
