import { describe, expect, it } from "vitest";
import type { Graph } from "../api/types";
import { chat, createNode, step } from "../testing/flow";
import { copyItems, pasteItems } from "./commands/copy";
import { connect } from "./commands/edges";
import { insertOnEdge } from "./commands/insert";
import { addNode, moveItems, setProperty, shiftItems, toggleDisabled } from "./commands/nodes";
import { addNote, changeNote } from "./commands/notes";
import { removeItems } from "./commands/remove";

/** The edges in a few words: `answer:each>yield`. */
function lines({ edges }: Graph): string[] {
  return edges.map(
    (edge) => `${edge.source}:${edge.source_port}${edge.kind === "execution" ? ">" : "~"}${edge.target}`,
  );
}

function allIds({ nodes, edges, notes }: Graph): string[] {
  return [...nodes, ...edges, ...notes].map((item) => item.id);
}

const link = (source: string, source_port: string, target: string) =>
  ({ kind: "execution", source, source_port, target, target_port: "in" }) as const;

describe("commands", () => {
  it.each<[string, (graph: Graph) => Graph]>([
    ["add a node", (graph) => addNode(graph, createNode("more", step))],
    ["connect", (graph) => connect(graph, link("save", "continue", "yield"))],
    ["set a property", (graph) => setProperty(graph, { node: "save", name: "value", value: 1 })],
    ["move", (graph) => moveItems(graph, new Map([["save", { x: 8, y: 8 }]]))],
    ["disable", (graph) => toggleDisabled(graph, new Set(["save"]))],
    ["remove", (graph) => removeItems(graph, new Set(["save"]))],
    ["paste", (graph) => pasteItems(graph, copyItems(graph, new Set(["save"])), { x: 1, y: 1 })],
    ["add a note", (graph) => addNote(graph, { x: 0, y: 0 })],
    [
      "insert",
      (graph) =>
        insertOnEdge(graph, {
          edge: "edge answer:each>yield",
          node: createNode("n", step),
          branch: "continue",
          gapPx: 8,
        }),
    ],
  ])("%s: the graph before stays as it was, and no id is used twice", (_, command) => {
    const before = structuredClone(chat);
    const after = command(before);
    expect(before).toEqual(chat);
    expect(after).not.toEqual(before);
    expect(new Set(allIds(after)).size).toBe(allIds(after).length);
  });

  it("a new edge replaces the one that left the port", () => {
    const after = connect(chat, link("answer", "each", "save"));
    expect(lines(after)).toEqual([
      "start:continue>answer",
      "answer:continue>save",
      "answer:reducer~reduce",
      "answer:each>save",
    ]);
  });

  it("an input takes many edges", () => {
    expect(lines(connect(chat, link("yield", "continue", "save")))).toContain("answer:continue>save");
  });

  it("inserting splits the edge and moves what comes after, helpers too", () => {
    const edge = "edge start:continue>answer";
    const after = insertOnEdge(chat, { edge, node: createNode("new", step), branch: "continue", gapPx: 100 });
    expect(lines(after)).toEqual(expect.arrayContaining(["start:continue>new", "new:continue>answer"]));
    expect(lines(after)).not.toContain("start:continue>answer");
    const at = Object.fromEntries(after.nodes.map(({ id, position }) => [id, position.x]));
    expect(at).toMatchObject({ start: 0, answer: 400, yield: 700, save: 700, reduce: 400 });
  });

  it("inserting a node that ends the path leaves the rest unjoined", () => {
    const edge = "edge answer:each>yield";
    const after = insertOnEdge(chat, { edge, node: createNode("new", step), branch: null, gapPx: 0 });
    expect(lines(after).filter((line) => line.endsWith("yield"))).toEqual([]);
  });

  it("removing a node removes its edges", () => {
    expect(lines(removeItems(chat, new Set(["answer"])))).toEqual([]);
  });

  it("a property without a value is unset", () => {
    const set = setProperty(chat, { node: "save", name: "value", value: { expression: "a.b" } });
    expect(set.nodes[3]?.properties).toEqual({ value: { expression: "a.b" } });
    expect(setProperty(set, { node: "save", name: "value", value: undefined }).nodes[3]?.properties).toEqual(
      {},
    );
  });

  it("disabling what is all disabled enables it", () => {
    const ids = new Set(["save", "yield"]);
    const disabled = toggleDisabled(chat, ids);
    expect(disabled.nodes.filter((each) => each.properties.disabled === true)).toHaveLength(2);
    expect(toggleDisabled(disabled, ids)).toEqual(chat);
    expect(toggleDisabled(toggleDisabled(chat, new Set(["save"])), ids)).toEqual(disabled);
  });

  it("a copy keeps the edges among the copied, and only those", () => {
    const fragment = copyItems(chat, new Set(["answer", "reduce"]));
    const after = pasteItems(chat, fragment, { x: 32, y: 32 });
    expect(lines(after).slice(4)).toEqual(["stream_1:reducer~helper_1"]);
    expect(after.nodes.at(-2)?.position).toEqual({ x: 332, y: 32 });
  });

  it("moving by a distance moves nodes and notes", () => {
    const noted = addNote(chat, { x: 4, y: 4 });
    const after = shiftItems(noted, new Set(["save", "note_1"]), { x: -4, y: 8 });
    expect(after.nodes[3]?.position).toEqual({ x: 596, y: 208 });
    expect(after.notes[0]?.position).toEqual({ x: 0, y: 12 });
  });

  it("a note keeps what is not changed", () => {
    const after = changeNote(addNote(chat, { x: 4, y: 4 }), "note_1", { text: "Why" });
    expect(after.notes[0]).toMatchObject({ text: "Why", position: { x: 4, y: 4 }, width: 200 });
  });
});
