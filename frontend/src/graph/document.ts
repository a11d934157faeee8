/** Reads a graph. Pure: no store, no server, no drawing. */
import type { Graph, GraphEdge, GraphNode } from "../api/types";

export const EXECUTION_INPUT_PORT = "in";
export const HOST_PORT = "host";

export const emptyGraph: Graph = { schema: 1, nodes: [], edges: [], notes: [] };

export function findNode(graph: Graph, id: string): GraphNode | undefined {
  return graph.nodes.find((node) => node.id === id);
}

export function findEdge(graph: Graph, id: string): GraphEdge | undefined {
  return graph.edges.find((edge) => edge.id === id);
}

/** The edge that leaves this port, which has at most one. */
export function findEdgeFrom(graph: Graph, source: string, port: string): GraphEdge | undefined {
  return graph.edges.find((edge) => edge.source === source && edge.source_port === port);
}

export function listEdgesInto(graph: Graph, target: string): GraphEdge[] {
  return graph.edges.filter((edge) => edge.target === target);
}

export function isDisabled(node: GraphNode): boolean {
  return node.properties.disabled === true;
}

/** The title that the person gave the node, or the title of its action. */
export function getTitle(node: GraphNode, fallback: string): string {
  const title = node.properties.title;
  return typeof title === "string" && title.trim() !== "" ? title : fallback;
}

/** The node and everything that its edges lead to, including attachments. */
export function collectReachable(graph: Graph, start: string): Set<string> {
  const seen = new Set([start]);
  for (const id of seen) {
    for (const edge of graph.edges) if (edge.source === id) seen.add(edge.target);
  }
  return seen;
}
