import { describe, expect, test } from "vitest";
import type { Binding, BindingMode, PropertyDescription } from "../../../api/types";
import { createProperty } from "../../../testing/property";
import { changeMode, followBinding, keepsOtherValue, getMode, startDraft, getValue } from "./property-draft";

const literalOnly: Partial<PropertyDescription> = { modes: ["literal"] };
const variableOnly: Partial<PropertyDescription> = { modes: ["variable"] };
const withTokens: Partial<PropertyDescription> = { tokens: ["@@context"] };

describe("a value shows in the mode that it was given in", () => {
  test.each<[Binding | undefined, Partial<PropertyDescription>, BindingMode]>([
    [undefined, {}, "literal"],
    [undefined, variableOnly, "variable"],
    [undefined, withTokens, "template"],
    ["Hello", {}, "literal"],
    [{ expression: "message" }, {}, "variable"],
    [{ expression: "message" }, literalOnly, "literal"],
    ["Dear {{ name }}", {}, "template"],
    ["Dear {{ name }}", literalOnly, "literal"],
    ["From @@context", withTokens, "template"],
    ["From @@context", {}, "literal"],
    [{ expression: "a", other: 1 }, {}, "literal"],
    [0.2, { modes: ["literal", "variable"] }, "literal"],
    ["text", { modes: ["variable", "template"] }, "template"],
  ])("%j with %j: %s", (binding, change, mode) => {
    expect(getMode(createProperty(change), binding)).toBe(mode);
  });
});

describe("changing the mode", () => {
  test("keeps what was given in each", () => {
    const given = startDraft(createProperty(), "Hello");
    const variable = { ...changeMode(given, createProperty(), "variable"), variable: "message" };
    const back = changeMode(variable, createProperty(), "literal");
    expect(getValue(variable)).toEqual({ expression: "message" });
    expect(getValue(back)).toBe("Hello");
    expect(getValue(changeMode(back, createProperty(), "variable"))).toEqual({ expression: "message" });
  });

  test("takes a text along from literal to template, and back while nothing in it would be replaced", () => {
    const template = changeMode(startDraft(createProperty(), "Hello"), createProperty(), "template");
    expect(getValue(template)).toBe("Hello");
    const plain = changeMode(startDraft(createProperty(), undefined), createProperty(), "template");
    expect(getValue(changeMode({ ...plain, template: "Plain" }, createProperty(), "literal"))).toBe("Plain");
    const parts = changeMode({ ...plain, template: "{{ a }}" }, createProperty(), "literal");
    expect(getValue(parts)).toBeUndefined();
  });

  test("to one that was never filled leaves the graph's value, and says so", () => {
    const draft = changeMode(startDraft(createProperty(), "Hello"), createProperty(), "variable");
    expect(keepsOtherValue(draft)).toBe(true);
    expect(keepsOtherValue({ ...draft, variable: "" })).toBe(false);
    expect(keepsOtherValue(startDraft(createProperty(), undefined))).toBe(false);
  });
});

describe("a value that changes by other hands", () => {
  test("shows at once, in its own mode", () => {
    const draft = { ...startDraft(createProperty(), "Hello"), typed: "Hel" };
    const after = followBinding(draft, createProperty(), { expression: "message" });
    expect(after).toMatchObject({ mode: "variable", variable: "message", typed: null, literal: "Hello" });
  });

  test("shows as empty when it was unset", () => {
    const after = followBinding(startDraft(createProperty(), "Hello"), createProperty(), undefined);
    expect(getValue(after)).toBeUndefined();
  });

  test("leaves the draft alone when it is the same JSON", () => {
    const draft = startDraft(createProperty(), { a: [1] });
    expect(followBinding(draft, createProperty(), { a: [1] })).toBe(draft);
  });
});
