import type { Graph, GraphNode } from "../../api/types";
import { EXECUTION_INPUT_PORT, findEdge, collectReachable } from "../document";
import { connect } from "./edges";
import { addNode, shiftItems } from "./nodes";
import { removeItems } from "./remove";

interface EdgeInsertion {
  edge: string;
  node: GraphNode;
  /** The branch of the new node that leads to the old target; null ends the path there. */
  branch: string | null;
  /** How far the old target and everything after it move to the right, in px. */
  gapPx: number;
}

/** Inserts a node into an execution edge; the nodes after it move to make room. */
export function insertOnEdge(graph: Graph, { edge: id, node, branch, gapPx }: EdgeInsertion): Graph {
  const edge = findEdge(graph, id);
  if (edge?.kind !== "execution") return graph;
  const opened =
    gapPx > 0 ? shiftItems(graph, collectReachable(graph, edge.target), { x: gapPx, y: 0 }) : graph;
  const placed = addNode(removeItems(opened, new Set([id])), node);
  const first = connect(placed, { ...edge, target: node.id, target_port: EXECUTION_INPUT_PORT });
  if (branch === null) return first;
  return connect(first, { ...edge, source: node.id, source_port: branch });
}
