import { describe, expect, test } from "vitest";
import type { Binding, BindingMode, PropertyDescription } from "../../../api/types";
import { property } from "../../../testing/property";
import { changeMode, followBinding, keepsOther, modeOf, startDraft, valueOf } from "./draft";

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
    [{ expression: "message" }, literalOnly, "variable"],
    ["Dear {{ name }}", {}, "template"],
    ["Dear {{ name }}", literalOnly, "literal"],
    ["From @@context", withTokens, "template"],
    ["From @@context", {}, "literal"],
    [{ expression: "a", other: 1 }, {}, "literal"],
    [0.2, { modes: ["literal", "variable"] }, "literal"],
    ["text", { modes: ["variable", "template"] }, "template"],
  ])("%j with %j: %s", (binding, change, mode) => {
    expect(modeOf(property(change), binding)).toBe(mode);
  });
});

describe("changing the mode", () => {
  test("keeps what was given in each", () => {
    const given = startDraft(property(), "Hello");
    const variable = { ...changeMode(given, property(), "variable"), variable: "message" };
    const back = changeMode(variable, property(), "literal");
    expect(valueOf(variable)).toEqual({ expression: "message" });
    expect(valueOf(back)).toBe("Hello");
    expect(valueOf(changeMode(back, property(), "variable"))).toEqual({ expression: "message" });
  });

  test("takes a text along from literal to template, and back while nothing in it would be replaced", () => {
    const template = changeMode(startDraft(property(), "Hello"), property(), "template");
    expect(valueOf(template)).toBe("Hello");
    const plain = changeMode(startDraft(property(), undefined), property(), "template");
    expect(valueOf(changeMode({ ...plain, template: "Plain" }, property(), "literal"))).toBe("Plain");
    const parts = changeMode({ ...plain, template: "{{ a }}" }, property(), "literal");
    expect(valueOf(parts)).toBeUndefined();
  });

  test("to one that was never filled leaves the graph's value, and says so", () => {
    const draft = changeMode(startDraft(property(), "Hello"), property(), "variable");
    expect(keepsOther(draft)).toBe(true);
    expect(keepsOther({ ...draft, variable: "" })).toBe(false);
    expect(keepsOther(startDraft(property(), undefined))).toBe(false);
  });
});

describe("a value that changes by other hands", () => {
  test("shows at once, in its own mode", () => {
    const draft = { ...startDraft(property(), "Hello"), typed: "Hel" };
    const after = followBinding(draft, property(), { expression: "message" });
    expect(after).toMatchObject({ mode: "variable", variable: "message", typed: null, literal: "Hello" });
  });

  test("shows as empty when it was unset", () => {
    const after = followBinding(startDraft(property(), "Hello"), property(), undefined);
    expect(valueOf(after)).toBeUndefined();
  });

  test("leaves the draft alone when it is the same JSON", () => {
    const draft = startDraft(property(), { a: [1] });
    expect(followBinding(draft, property(), { a: [1] })).toBe(draft);
  });
});
