import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Flow } from "../api/types";
import { chat, createNode, step } from "../testing/flow";
import { addNode, moveItems, setProperty } from "./commands/nodes";
import { removeItems } from "./commands/remove";
import {
  drawDraft,
  drawVersion,
  edit,
  getAddedIds,
  getDraft,
  graphStore,
  openFlow,
  redoEdit,
  reportSave,
  select,
  undoEdit,
} from "./store";

const flow: Flow = {
  id: "f",
  address: "mill",
  aliases: [],
  name: "Flow",
  description: "",
  revision: 3,
  published: { test: null, production: null },
  created_at: "",
  updated_at: "",
  graph: chat,
  analysis: {
    runnable: true,
    problems: [],
    variables: [],
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

describe("a version in place of the draft", () => {
  const version = { number: 1, graph: { ...chat, nodes: [] }, comparedWith: null, marks: new Map() };

  it("cannot be edited, and the draft comes back with its undo", () => {
    type("typed");
    const drawn = graphStore.getState().graph;
    drawVersion(version);
    expect(graphStore.getState()).toMatchObject({ revision: 1, readOnly: true, graph: { nodes: [] } });
    edit("Edit", (graph) => ({ ...graph, notes: [] }));
    undoEdit();
    expect(getDraft(graphStore.getState()).graph).toBe(drawn);
    drawVersion({ ...version, number: 2 });
    drawDraft();
    expect(graphStore.getState()).toMatchObject({ graph: drawn, readOnly: false, viewed: null });
    undoEdit();
    expect(valueOf()).not.toBe("typed");
  });

  it("keeps what a late save tells of the draft", () => {
    drawVersion(version);
    reportSave({ kind: "saved" }, { revision: 4, analysis: flow.analysis });
    expect(graphStore.getState().revision).toBe(1);
    drawDraft();
    expect(graphStore.getState().revision).toBe(4);
  });
});
