/** A small catalogue and flow for tests: every kind of port, a branch that repeats, and a helper. */
import type { ActionDescription, Catalogue, Graph, GraphEdge, GraphNode } from "../api/types";
import type { ActionIndex } from "../graph/action-index";

function describeAction(type: string, more: Partial<ActionDescription>): ActionDescription {
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

export const trigger = describeAction("t.trigger", { role: "trigger", input: false });
export const stream = describeAction("t.stream", {
  streams: true,
  branches: [repeating, onward],
  attachments: [{ name: "reducer", title: "Reducer", accepts: ["t.helper"] }],
});
export const step = describeAction("t.step", {});
export const end = describeAction("t.end", { role: "end", branches: [] });
export const helper = describeAction("t.helper", { role: "helper", input: false, branches: [] });

export const actions: ActionIndex = new Map(
  [trigger, stream, step, end, helper].map((action) => [action.type, action]),
);

/** A catalogue of these actions by the titles of their families. */
export function createCatalogue(families: Record<string, ActionDescription[]>): Catalogue {
  const entries = Object.entries(families);
  return {
    families: entries.map(([title]) => ({ id: title, title })),
    actions: entries.flatMap(([family, members]) => members.map((action) => ({ ...action, family }))),
  };
}

export function createNode(id: string, action: ActionDescription, x = 0, y = 0): GraphNode {
  return { id, action: action.type, properties: {}, position: { x, y } };
}

/** `"a:each>b"` is an execution edge, `"a:reducer~h"` an attachment. */
export function createEdge(text: string): GraphEdge {
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

export function createGraph(nodes: GraphNode[], ...edges: string[]): Graph {
  return { schema: 1, nodes, edges: edges.map(createEdge), notes: [] };
}

/** Trigger, then a stream with a helper; each message is yielded, and a last step follows. */
export const chat = createGraph(
  [
    createNode("start", trigger, 0),
    createNode("answer", stream, 300),
    createNode("yield", step, 600),
    createNode("save", step, 600, 200),
    createNode("reduce", helper, 300, 400),
  ],
  "start:continue>answer",
  "answer:each>yield",
  "answer:continue>save",
  "answer:reducer~reduce",
);
