import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Flow } from "../api/types";
import { chat, createNode, step } from "../testing/flow";
import { addNode, moveItems, setProperty } from "./commands/nodes";
import { removeItems } from "./commands/remove";
import { getAddedIds, edit, openFlow, redoEdit, select, undoEdit, graphStore } from "./store";

const flow: Flow = {
  id: "f",
  name: "Flow",
  description: "",
  revision: 3,
  created_at: "",
  updated_at: "",
  graph: chat,
  analysis: {
    runnable: true,
    problems: [],
    scope: {},
    streaming: { streams: true, text: "", node: null },
    simulators: [],
  },
};

const type = (value: string): void =>
  edit("Edit", (graph) => setProperty(graph, { node: "save", name: "value", value }), {
    key: "property save value",
  });

const valueOf = (): unknown => graphStore.getState().graph.nodes[3]?.properties.value;
const steps = (): number => graphStore.getState().history.past.length;

beforeEach(() => {
  vi.useFakeTimers();
  openFlow(flow, false);
  return () => vi.useRealTimers();
});

describe("undo", () => {
  it("takes back one act, and redo does it again", () => {
    edit("Add", (graph) => addNode(graph, createNode("n", step)));
    undoEdit();
    expect(graphStore.getState().graph).toBe(chat);
    redoEdit();
    expect(graphStore.getState().graph.nodes).toHaveLength(6);
  });

  it("takes typing in one property as one act, until a pause", () => {
    type("a");
    type("ab");
    vi.advanceTimersByTime(2_000);
    type("abc");
    expect(steps()).toBe(2);
    undoEdit();
    expect(valueOf()).toBe("ab");
    undoEdit();
    expect(valueOf()).toBeUndefined();
  });

  it("begins a new act after another edit came in between", () => {
    type("a");
    edit("Move", (graph) => moveItems(graph, new Map([["save", { x: 0, y: 0 }]])));
    type("ab");
    expect(steps()).toBe(3);
  });

  it("forgets what was taken back once something else is done", () => {
    type("a");
    undoEdit();
    edit("Add", (graph) => addNode(graph, createNode("n", step)));
    redoEdit();
    expect(graphStore.getState().history.future).toEqual([]);
    expect(valueOf()).toBeUndefined();
  });

  it("does not end with more steps than it can hold", () => {
    for (let at = 0; at < 250; at += 1) edit("Add", (graph) => addNode(graph, createNode(`n${at}`, step)));
    expect(steps()).toBe(200);
  });
});

describe("edit", () => {
  it("leaves no entry when nothing changes", () => {
    edit("Nothing", (graph) => graph);
    expect(steps()).toBe(0);
  });

  it("changes nothing where the flow is read only", () => {
    openFlow(flow, true);
    edit("Add", (graph) => addNode(graph, createNode("n", step)));
    expect(graphStore.getState().graph).toBe(chat);
  });

  it("selects what it added, and no longer what it removed", () => {
    edit("Add", (graph) => addNode(graph, createNode("n", step)), { select: getAddedIds });
    expect([...graphStore.getState().selection]).toEqual(["n"]);
    select(["n", "save"]);
    edit("Delete", (graph) => removeItems(graph, new Set(["n"])));
    expect([...graphStore.getState().selection]).toEqual(["save"]);
  });
});
