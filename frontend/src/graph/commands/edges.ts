import type { EdgeKind, Graph, GraphEdge } from "../../api/types";
import { newEdgeId } from "../ids";

/** Two ports that an edge may join. */
export interface Link {
  kind: EdgeKind;
  source: string;
  source_port: string;
  target: string;
  target_port: string;
}

/** Join two ports. The source port has one edge: a new one replaces the old. */
export function connect(graph: Graph, { kind, source, source_port, target, target_port }: Link): Graph {
  const link = { kind, source, source_port, target, target_port };
  const others = graph.edges.filter((edge) => !leavesSamePort(edge, link));
  return { ...graph, edges: [...others, { id: newEdgeId(graph), ...link }] };
}

function leavesSamePort(edge: GraphEdge, link: Link): boolean {
  return edge.source === link.source && edge.source_port === link.source_port;
}
