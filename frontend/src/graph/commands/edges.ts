import type { EdgeKind, Graph, GraphEdge } from "../../api/types";
import { createEdgeId } from "../ids";

/** Two ports that an edge can connect. */
export interface PortLink {
  kind: EdgeKind;
  source: string;
  source_port: string;
  target: string;
  target_port: string;
}

/** Connects two ports. A new edge replaces the old edge of the source port. */
export function connect(graph: Graph, { kind, source, source_port, target, target_port }: PortLink): Graph {
  const link = { kind, source, source_port, target, target_port };
  const others = graph.edges.filter((edge) => !isFromSamePort(edge, link));
  return { ...graph, edges: [...others, { id: createEdgeId(graph), ...link }] };
}

function isFromSamePort(edge: GraphEdge, link: PortLink): boolean {
  return edge.source === link.source && edge.source_port === link.source_port;
}
