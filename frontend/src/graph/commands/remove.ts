import type { Graph } from "../../api/types";

/** Removes nodes, edges and notes by id, and the edges of removed nodes. */
export function removeItems(graph: Graph, ids: ReadonlySet<string>): Graph {
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !ids.has(node.id)),
    notes: graph.notes.filter((note) => !ids.has(note.id)),
    edges: graph.edges.filter((edge) => !ids.has(edge.id) && !ids.has(edge.source) && !ids.has(edge.target)),
  };
}
