import { describe, expect, it } from "vitest";
import type { Binding, Json, Problem, PropertyDescription, RunWarning } from "../../../api/types";
import { describeCell, getPortName, previewOutput, formatBrief } from "./cells";

const property = (more: Partial<PropertyDescription>): PropertyDescription => ({
  name: "value",
  title: "Value",
  description: "",
  type: "text",
  required: false,
  default: null,
  modes: ["literal", "variable"],
  widget: "line",
  section: "General",
  port: true,
  choices: null,
  minimum: null,
  maximum: null,
  unit: null,
  placeholder: null,
  connection_kind: null,
  tokens: null,
  verbatim: false,
  suggests: [],
  advanced: false,
  ...more,
});

const names = new Map([["c1", "Anthropic production"]]);

function problem(severity: Problem["severity"], code = "wrong"): Problem {
  return {
    node: "n",
    edge: null,
    property: "value",
    code,
    severity,
    message: "Told.",
    hint: null,
    column: null,
  };
}

describe("a row of a card", () => {
  it.each<[string, Partial<PropertyDescription>, Binding | undefined, string, string]>([
    ["a text", {}, "You are\nkind", "You are kind", "literal"],
    ["a number", { type: "integer" }, 4096, "4,096", "literal"],
    ["a switch", { type: "boolean" }, false, "off", "literal"],
    ["a list", { type: "list" }, ["a"], "1 item", "literal"],
    ["a path by its end", {}, { expression: "chatCompletionRequest.prompt" }, "…prompt", "variable"],
    ["a variable", {}, { expression: "message" }, "message", "variable"],
    ["an expression as it is", {}, { expression: "size(a.b) > 2" }, "size(a.b) > 2", "variable"],
    ["a connection by its name", { type: "connection" }, "c1", "Anthropic production", "literal"],
    ["a choice by its title", { choices: [{ value: "low", title: "Low" }] }, "low", "Low", "literal"],
    ["what is not set by its default", { default: 1 }, undefined, "1", "default"],
    ["what is not set and has none", {}, undefined, "none", "default"],
    ["what is required", { required: true }, undefined, "required", "warning"],
  ])("shows %s", (_, more, value, text, look) => {
    expect(describeCell(property(more), value, { names })).toMatchObject({ text, look });
  });

  it.each<Json>(["a + b", 5, ["a"]])(
    "shows a declared variable called `expression` as a literal: %j",
    (first) => {
      const variables = property({ name: "variables", type: "json", modes: ["literal"] });
      expect(describeCell(variables, { expression: first }, { names })).toMatchObject({
        text: "1 field",
        look: "literal",
      });
    },
  );

  it("shows a value with a problem as such, and says why", () => {
    const told = { names, problem: problem("error") };
    expect(describeCell(property({}), "x", told)).toMatchObject({
      text: "x",
      look: "warning",
      whole: "Told.",
      set: true,
    });
  });

  it("says calmly what a new node needs", () => {
    const calm = { names, isCalm: true };
    const connection = property({ type: "connection", required: true });
    expect(describeCell(connection, undefined, calm)).toMatchObject({
      text: "needs a connection",
      look: "todo",
    });
    expect(describeCell(property({}), undefined, calm)).toMatchObject({ text: "none", look: "default" });
  });

  it("says what was not sent", () => {
    const warning: RunWarning = {
      ms: 1,
      node: "n",
      code: "temperature_not_sent",
      message: "Why.",
      hint: null,
      property: "value",
    };
    expect(describeCell(property({}), 0.2, { names, warning })).toMatchObject({
      text: "not sent",
      whole: "Why.",
    });
  });
});

describe("words", () => {
  it.each([
    ["Max Completion Tokens", "maxCompletionTokens"],
    ["Model", "model"],
    ["URL", "url"],
  ])("%s is the port %s", (title, port) => expect(getPortName(title)).toBe(port));

  it.each<[Json, string]>([
    [{ text: " cause", index: 1 }, "“cause”"],
    [{ prompt: "Hi", session_id: "" }, "“Hi”"],
    [[1, 2], "2 items"],
    [{ a: 1, b: 2 }, "2 fields"],
    [null, "none"],
  ])("an output %j is shown as %s", (value, words) => expect(previewOutput(value)).toBe(words));

  it("cuts a long text", () => expect(formatBrief("a".repeat(500))).toHaveLength(60));
});
