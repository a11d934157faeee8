/** Creates ids that a person can read in a log: the last part of the type of the action, and a number. */
import type { Graph } from "../api/types";

/** A selection can have nodes, edges and notes, so their ids are all different. */
function createId(graph: Graph, stem: string): string {
  const taken = new Set([...graph.nodes, ...graph.edges, ...graph.notes].map((item) => item.id));
  let number = 1;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

export function createNodeId(graph: Graph, action: string): string {
  const last = action.split(".").at(-1) ?? action;
  // An id has at most 64 characters; the number needs some of them.
  return createId(graph, last.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 56) || "node");
}

export function createEdgeId(graph: Graph): string {
  return createId(graph, "edge");
}

export function createNoteId(graph: Graph): string {
  return createId(graph, "note");
}
