/** A small catalogue and flow for tests: every kind of port, a branch that repeats, and a helper. */
import type { ActionDescription, Graph, GraphEdge, GraphNode } from "../api/types";
import type { ActionIndex } from "../graph/action-index";

function describe(type: string, more: Partial<ActionDescription>): ActionDescription {
  return {
    type,
    title: type,
    family: "test",
    role: "action",
    summary: "",
    icon_url: "",
    docs_url: "",
    width: 200,
    streams: false,
    input: true,
    branches: [{ name: "continue", title: "Continue", repeats: false, provides: null }],
    cases: null,
    attachments: [],
    outputs: [],
    properties: [],
    ...more,
  };
}

const repeating = { name: "each", title: "For each message", repeats: true, provides: null };
const onward = { name: "continue", title: "Continue", repeats: false, provides: null };

export const trigger = describe("t.trigger", { role: "trigger", input: false });
export const stream = describe("t.stream", {
  streams: true,
  branches: [repeating, onward],
  attachments: [{ name: "reducer", title: "Reducer", accepts: ["t.helper"] }],
});
export const step = describe("t.step", {});
export const end = describe("t.end", { role: "end", branches: [] });
export const helper = describe("t.helper", { role: "helper", input: false, branches: [] });

export const actions: ActionIndex = new Map(
  [trigger, stream, step, end, helper].map((action) => [action.type, action]),
);

export function node(id: string, action: ActionDescription, x = 0, y = 0): GraphNode {
  return { id, action: action.type, properties: {}, position: { x, y } };
}

/** `"a:each>b"` is an execution edge, `"a:reducer~h"` an attachment. */
export function edge(text: string): GraphEdge {
  const [from = "", source_port = "", target = ""] = text.split(/[:>~]/);
  const attachment = text.includes("~");
  return {
    id: `edge ${text}`,
    kind: attachment ? "attachment" : "execution",
    source: from,
    source_port,
    target,
    target_port: attachment ? "host" : "in",
  };
}

export function graphOf(nodes: GraphNode[], ...edges: string[]): Graph {
  return { schema: 1, nodes, edges: edges.map(edge), notes: [] };
}

/** Trigger, then a stream with a helper; each message is yielded, and a last step follows. */
export const chat = graphOf(
  [
    node("start", trigger, 0),
    node("answer", stream, 300),
    node("yield", step, 600),
    node("save", step, 600, 200),
    node("reduce", helper, 300, 400),
  ],
  "start:continue>answer",
  "answer:each>yield",
  "answer:continue>save",
  "answer:reducer~reduce",
);
