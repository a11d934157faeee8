/** Ids that a person can read in a log: the last part of the action's type and a number. */
import type { Graph } from "../api/types";

/** One selection holds nodes, edges and notes, so no two of them share an id. */
function createId(graph: Graph, stem: string): string {
  const taken = new Set([...graph.nodes, ...graph.edges, ...graph.notes].map((item) => item.id));
  let number = 1;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

export function createNodeId(graph: Graph, action: string): string {
  const last = action.split(".").at(-1) ?? action;
  // An id holds 64 characters at most; the number needs some of them.
  return createId(graph, last.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 56) || "node");
}

export function createEdgeId(graph: Graph): string {
  return createId(graph, "edge");
}

export function createNoteId(graph: Graph): string {
  return createId(graph, "note");
}
