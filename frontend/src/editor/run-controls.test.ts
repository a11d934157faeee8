import { describe, expect, it } from "vitest";
import type { ActionDescription, Json } from "../api/types";
import type { ActionIndex } from "../graph/action-index";
import { createProperty } from "../testing/property";
import { createNode, step, trigger } from "../testing/flow";
import { takesPromptInput, getTestInput } from "./run-controls";

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
    ["all of a body", http, { order: "A-17", prompt: 3 }, { order: "A-17", prompt: 3 }],
    ["nothing of what is no object", http, [1, 2], {}],
  ])("%s", (_, actions, data, sent) => {
    expect(getTestInput(actions, given(data))).toEqual(sent);
  });

  it("is the trigger's own default while nothing is given", () => {
    expect(getTestInput(chat, [createNode("start", trigger)])).toEqual({ prompt: "Hello" });
    expect(getTestInput(chat, [])).toEqual({});
  });
});

it("only a trigger that gives a prompt is asked with one", () => {
  expect(takesPromptInput(chat, given({}))).toBe(true);
  expect(takesPromptInput(http, given({}))).toBe(false);
});
