import type { Graph } from "../../api/types";

/** Remove nodes, edges and notes by id; an edge goes with either of its ends. */
export function removeItems(graph: Graph, ids: ReadonlySet<string>): Graph {
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !ids.has(node.id)),
    notes: graph.notes.filter((note) => !ids.has(note.id)),
    edges: graph.edges.filter((edge) => !ids.has(edge.id) && !ids.has(edge.source) && !ids.has(edge.target)),
  };
}
