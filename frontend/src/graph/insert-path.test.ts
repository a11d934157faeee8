import { beforeEach, describe, expect, test } from "vitest";
import type { Binding, Flow, ScopeVariable } from "../api/types";
import { createProperty } from "../testing/property";
import { actions as plain, chat, createNode, step } from "../testing/flow";
import { findInsertTarget, insertPath } from "./insert-path";
import { enterField, graphStore, leaveField, openFlow } from "./store";

const taking = { ...step, properties: [createProperty({ name: "value", title: "Value" })] };
const actions = new Map([...plain, [step.type, taking]]);
const variable: ScopeVariable = { name: "response", type: "text", title: "", node: "answer", fields: [] };
const find = (source: string) => findInsertTarget(graphStore.getState(), actions, source)?.title ?? null;

function open(readOnly = false): void {
  const analysis = { ...graphStore.getState().analysis, variables: [variable], scope: { save: [0] } };
  const save = { ...createNode("save", step), properties: { title: "Keep" } };
  const nodes = chat.nodes.map((node) => (node.id === "save" ? save : node));
  const flow: Partial<Flow> = { id: "f", revision: 1, graph: { ...chat, nodes }, analysis };
  openFlow(flow as Flow, readOnly);
}

function visit(node: string, property: string): void {
  enterField(node, property);
  leaveField(node, property);
}

describe("an expression goes into the field that was left last", () => {
  beforeEach(() => open());

  test("when that field can read the variables of the node", () => {
    expect(find("answer")).toBeNull();
    visit("save", "value");
    expect(find("answer")).toBe("Value of Keep");
    expect(find("start")).toBeNull();
    visit("yield", "value");
    expect(find("answer")).toBeNull();
  });

  test("and into none that is gone or that is only read", () => {
    visit("save", "title");
    expect(find("answer")).toBeNull();
    open(true);
    visit("save", "value");
    expect(find("answer")).toBeNull();
  });
});

const all = createProperty();

test.each<[string, ReturnType<typeof createProperty>, Binding | undefined, Binding]>([
  ["is the value of an empty field", all, undefined, { expression: "a.b" }],
  ["takes the place of another variable", all, { expression: "c" }, { expression: "a.b" }],
  ["stands behind a text", all, "Dear", "Dear {{ a.b }}"],
  ["stands behind a blank as it is", all, "Dear ", "Dear {{ a.b }}"],
  [
    "is a template where no variable is taken",
    createProperty({ modes: ["template"] }),
    undefined,
    "{{ a.b }}",
  ],
  [
    "takes the place of a literal where no template is taken",
    createProperty({ modes: ["literal", "variable"] }),
    7,
    { expression: "a.b" },
  ],
])("an inserted path %s", (_, property, value, after) =>
  expect(insertPath(property, value, "a.b")).toEqual(after),
);
