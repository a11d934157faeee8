import type { Graph, GraphNode } from "../../api/types";
import { EXECUTION_INPUT, findEdge, reachableFrom } from "../document";
import { connect } from "./edges";
import { addNode, shiftItems } from "./nodes";
import { removeItems } from "./remove";

interface InsertOnEdge {
  edge: string;
  node: GraphNode;
  /** The execution output of the new node that goes on to the old target; null ends the path there. */
  branch: string | null;
  /** How far the old target and all after it move to the right. */
  gap: number;
}

/** Put a node in the middle of an execution edge; what comes after it makes room. */
export function insertOnEdge(graph: Graph, { edge: id, node, branch, gap }: InsertOnEdge): Graph {
  const edge = findEdge(graph, id);
  if (edge?.kind !== "execution") return graph;
  const opened = gap > 0 ? shiftItems(graph, reachableFrom(graph, edge.target), { x: gap, y: 0 }) : graph;
  const placed = addNode(removeItems(opened, new Set([id])), node);
  const first = connect(placed, { ...edge, target: node.id, target_port: EXECUTION_INPUT });
  if (branch === null) return first;
  return connect(first, { ...edge, source: node.id, source_port: branch });
}
