import { expect, test } from "vitest";
import type { VersionComparison } from "../api/types";
import { createGraph, createNode, step, trigger } from "../testing/flow";
import { mergeGraphs } from "./merge-graphs";

const start = createNode("start", trigger);
const before = createGraph([start, createNode("old", step)], "start:continue>old");
const after = createGraph([start, createNode("new", step)], "start:continue>new");

function compare(): VersionComparison {
  const [was] = before.edges;
  const [now] = after.edges;
  if (!was || !now) throw new Error("no edge");
  return {
    old: 1,
    new: 2,
    nodes: [
      { id: "old", action: step.type, kind: "removed", properties: [] },
      { id: "new", action: step.type, kind: "added", properties: [] },
    ],
    edges: [
      { ...was, change: "removed" },
      { ...now, change: "added" },
    ],
    notes: [],
  };
}

test("the merged graph has what was removed, under ids of its own, and marks for what differs", () => {
  const { graph, marks } = mergeGraphs(before, after, compare());
  expect(graph.nodes.map(({ id }) => id)).toEqual(["start", "new", "removed-old"]);
  const ghost = graph.edges.find(({ id }) => id.startsWith("removed-"));
  expect(ghost).toMatchObject({ source: "start", target: "removed-old" });
  expect(marks.get("removed-old")).toBe("removed");
  expect(marks.get("new")).toBe("added");
  expect(marks.get(ghost?.id ?? "")).toBe("removed");
  expect(marks.has("start")).toBe(false);
});

test("a removed edge between nodes that stay joins these", () => {
  const [edge] = before.edges;
  if (!edge) throw new Error("no edge");
  const alone = { ...before, edges: [] };
  const changes = { ...compare(), nodes: [], edges: [{ ...edge, change: "removed" as const }] };
  const [ghost] = mergeGraphs(before, alone, changes).graph.edges;
  expect(ghost).toMatchObject({ source: "start", target: "old" });
});
