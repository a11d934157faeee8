import { describe, expect, test } from "vitest";
import type { ActionDescription } from "../api/types";
import { createGraph, createNode, end, step, stream, trigger } from "../testing/flow";
import { createProperty } from "../testing/property";
import { findSuggestedPath, suggestProperties } from "./suggestions";

const prompt = { name: "prompt", type: "text", description: "" };
const asking: ActionDescription = {
  ...trigger,
  outputs: [
    {
      ...{ property: "as", default: "request", type: "chat_request", title: "", branch: null },
      fields: [prompt],
    },
  ],
};
const streaming: ActionDescription = {
  ...stream,
  outputs: [
    {
      ...{ property: "each_as", default: "message", type: "chat_message", title: "" },
      fields: [],
      branch: "each",
    },
    { property: "as", default: "response", type: "chat_response", title: "", fields: [], branch: null },
  ],
};
const taking: ActionDescription = {
  ...step,
  type: "t.taking",
  properties: [
    createProperty({ name: "text", required: true, suggests: ["chat_request.prompt"] }),
    createProperty({ name: "message", required: true, suggests: ["chat_message"] }),
    createProperty({ name: "response", required: true, suggests: ["chat_response"] }),
    createProperty({ name: "extra", suggests: ["chat_request.prompt"] }),
    createProperty({ name: "connection", type: "connection", required: true, connection_kind: "vendor" }),
    createProperty({ name: "collection", type: "collection", required: true }),
  ],
};
const actions = new Map([asking, streaming, step, end, taking].map((action) => [action.type, action]));
const nothing = { connections: [], collections: [] };
const node = { id: "x", action: taking };
const asked = createNode("t", asking);
const answer = createNode("s", streaming);
const taken = createNode("x", taking);

describe("a new node takes what alone fits", () => {
  test.each([
    ["each", { text: { expression: "request.prompt" }, message: { expression: "message" } }],
    ["continue", { text: { expression: "request.prompt" }, response: { expression: "response" } }],
  ])("after the branch %s", (branch, values) => {
    const graph = createGraph([asked, answer, taken], "t:continue>s", `s:${branch}>x`);
    expect(suggestProperties(graph, actions, node, nothing)).toEqual(values);
  });

  test("by the name that its variable has in this flow", () => {
    const named = { ...asked, properties: { as: "ask" } };
    const graph = createGraph([named, taken], "t:continue>x");
    expect(suggestProperties(graph, actions, node, nothing)).toEqual({ text: { expression: "ask.prompt" } });
  });

  test("and nothing from a node that is disabled, from two ways, or from two requests", () => {
    const disabled = { ...asked, properties: { disabled: true } };
    const second = { ...createNode("u", asking), properties: { as: "other" } };
    for (const graph of [
      createGraph([disabled, taken], "t:continue>x"),
      createGraph([asked, createNode("p", step), taken], "t:continue>x", "p:continue>x"),
      createGraph([asked, second, taken], "t:continue>u", "u:continue>x"),
      createGraph([taken]),
    ])
      expect(suggestProperties(graph, actions, node, nothing)).toEqual({});
  });

  test("of the connections and collections of the workspace", () => {
    const graph = createGraph([taken]);
    const one = {
      connections: [
        { id: "c", kind: "vendor" },
        { id: "d", kind: "other" },
      ],
      collections: [{ id: "v" }],
    };
    expect(suggestProperties(graph, actions, node, one)).toEqual({ connection: "c", collection: "v" });
    const two = { connections: [...one.connections, { id: "e", kind: "vendor" }], collections: [] };
    expect(suggestProperties(graph, actions, node, two)).toEqual({});
  });
});

test("a property that takes no variable is offered none", () => {
  const scope = [{ name: "request", type: "chat_request", title: "", node: "t", fields: [prompt] }];
  const suggests = ["chat_request.prompt"];
  expect(findSuggestedPath({ suggests, modes: ["literal", "variable"] }, scope)).toBe("request.prompt");
  expect(findSuggestedPath({ suggests, modes: ["literal"] }, scope)).toBeNull();
});
