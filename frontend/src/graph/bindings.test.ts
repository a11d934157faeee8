import { describe, expect, test } from "vitest";
import shared from "../../../tests/shared/bindings.json";
import { findSegments, getExpression, getRootVariable, hasSegments, isExpression, isPath } from "./bindings";

describe("as the server reads it", () => {
  test.each(shared.texts)("the text $text has its segments", ({ text, segments, unclosed_at }) => {
    const found = findSegments(text).map(({ from, to, source }) => ({ from, to, source }));
    expect(found).toEqual(segments);
    expect(hasSegments(text)).toBe(segments.length > 0 || unclosed_at !== null);
  });

  test.each(shared.paths)("$path is a path: $valid", ({ path, valid }) => expect(isPath(path)).toBe(valid));

  test.each(shared.bindings)("$binding is an expression: $is_expression", ({ binding, is_expression }) => {
    expect(isExpression(binding)).toBe(is_expression);
  });
});

describe("an object with the one name `expression`", () => {
  test("is an expression where the property takes a variable", () => {
    expect(getExpression({ modes: ["literal", "variable"] }, { expression: "a.b" })).toBe("a.b");
  });

  test("is a literal where the property takes none", () => {
    expect(getExpression({ modes: ["literal"] }, { expression: "a.b" })).toBeNull();
  });
});

describe("tokens", () => {
  const tokens = ["@@context", "@@userPrompt"];

  test.each<[string, string[]]>([
    ["Dear {{ customer.name }}, about @@userPrompt", ["customer.name", "@@userPrompt"]],
    ["@@contextual", []],
    ["@@context.", ["@@context"]],
    ["{{ '@@context' }}", ["'@@context'"]],
  ])("%s has %j", (text, sources) => {
    expect(findSegments(text, tokens).map(({ source }) => source)).toEqual(sources);
  });

  test("each segment tells its place", () => {
    const text = "A @@context {{ b }}";
    const segments = findSegments(text, tokens).map(({ from, to }) => text.slice(from, to));
    expect(segments).toEqual(["@@context", "{{ b }}"]);
  });

  test("make a text a template", () => {
    expect(hasSegments("Hello @@context", tokens)).toBe(true);
    expect(hasSegments("Hello @@context", [])).toBe(false);
  });
});

test("a path begins with its variable", () => expect(getRootVariable("history[0].text")).toBe("history"));
