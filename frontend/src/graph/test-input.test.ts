import { describe, expect, it } from "vitest";
import type { ActionDescription, GraphNode, Json } from "../api/types";
import type { ActionIndex } from "./action-index";
import { createProperty } from "../testing/property";
import { createNode, step, trigger } from "../testing/flow";
import { getExampleInput, getTestInput, takesPromptInput, takesSessionId } from "./test-input";

function taking(preset: Json, fields: string[]): ActionDescription {
  return {
    ...trigger,
    properties: [createProperty({ name: "test_data", type: "json", default: preset })],
    outputs: [
      {
        ...{ property: null, default: "request", type: "request", title: "Request", branch: null },
        fields: fields.map((name) => ({ name, type: "text", description: "" })),
      },
    ],
  };
}

function indexOf(action: ActionDescription): ActionIndex {
  return new Map([action, step].map((each) => [each.type, each]));
}

const chat = indexOf(taking({ prompt: "Hello" }, ["prompt", "session_id"]));
const http = indexOf(taking({}, []));

const given = (test_data: Json) => [
  createNode("more", step),
  { ...createNode("start", trigger), properties: { test_data } },
];

describe("what Run sends", () => {
  it.each<[string, ActionIndex, Json, unknown]>([
    ["of a chat its prompt", chat, { prompt: "E41?", other: 1 }, { prompt: "E41?" }],
    ["its session, unless it is empty", chat, { prompt: "E41?", session_id: "" }, { prompt: "E41?" }],
    [
      "what was said before, instructions and files, unless they are empty",
      chat,
      {
        prompt: "E41?",
        history: [{ role: "user", content: "Hi" }],
        instructions: "",
        files: [{ type: "image", url: "https://e.test" }],
      },
      {
        prompt: "E41?",
        history: [{ role: "user", content: "Hi" }],
        files: [{ type: "image", url: "https://e.test" }],
      },
    ],
    ["all of a body", http, { order: "A-17", prompt: 3 }, { order: "A-17", prompt: 3 }],
    ["nothing of what is no object", http, [1, 2], {}],
  ])("%s", (_, actions, data, sent) => {
    expect(getTestInput(actions, given(data))).toEqual(sent);
  });

  it("is the trigger's own default while nothing is given", () => {
    expect(getTestInput(chat, [createNode("start", trigger)])).toEqual({ prompt: "Hello" });
    expect(getTestInput(chat, [])).toEqual({});
  });

  it("is the example of a body while no test data are given", () => {
    const start = { ...createNode("start", trigger), properties: { example: { order: "A-17" } } };
    expect(getTestInput(http, [start])).toEqual({ order: "A-17" });
    const tested = { ...start, properties: { ...start.properties, test_data: { order: "B-2" } } };
    expect(getTestInput(http, [tested])).toEqual({ order: "B-2" });
  });
});

describe("what a caller is shown", () => {
  it.each<[string, ActionIndex, GraphNode["properties"], unknown]>([
    ["the test data", http, { test_data: { a: 1 }, body_schema: { properties: { b: {} } } }, { a: 1 }],
    [
      "what the schema describes",
      http,
      { body_schema: { properties: { b: { type: "string" } } } },
      { b: "text" },
    ],
    ["a greeting of a chat without a prompt", chat, { test_data: { prompt: "" } }, { prompt: "Hello" }],
  ])("is %s", (_, actions, properties, shown) => {
    expect(getExampleInput(actions, [{ ...createNode("start", trigger), properties }])).toEqual(shown);
  });
});

it("only a trigger that gives a prompt is asked with one", () => {
  expect(takesPromptInput(chat, given({}))).toBe(true);
  expect(takesPromptInput(http, given({}))).toBe(false);
});

it("only a trigger that gives a session id takes one", () => {
  expect(takesSessionId(chat, given({}))).toBe(true);
  expect(takesSessionId(http, given({}))).toBe(false);
  expect(takesSessionId(chat, [])).toBe(false);
});
