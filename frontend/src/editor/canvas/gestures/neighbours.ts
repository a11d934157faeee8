/**
 * Finds the next card in a direction: right and left along the run, down to a helper or the next branch, up again.
 * Pure.
 */
import type { Graph, GraphEdge, GraphNode } from "../../../api/types";
import { type ActionIndex, getAction } from "../../../graph/action-index";
import { listEdgesInto, findNode } from "../../../graph/document";

export type Direction = "left" | "right" | "up" | "down";

/** The node in this direction, or null when there is none. */
export function findNeighbour(
  graph: Graph,
  actions: ActionIndex,
  id: string,
  direction: Direction,
): string | null {
  const node = findNode(graph, id);
  if (!node) return null;
  const along = findAlongEdges(graph, actions, node, direction);
  return along ?? findNearest(graph.nodes, node, direction)?.id ?? null;
}

function findAlongEdges(
  graph: Graph,
  actions: ActionIndex,
  node: GraphNode,
  direction: Direction,
): string | null {
  const into = listEdgesInto(graph, node.id)[0];
  const leaving = listLeavingEdges(graph, actions, node);
  if (direction === "right") return leaving.find((edge) => edge.kind === "execution")?.target ?? null;
  if (direction === "left") return into?.kind === "execution" ? into.source : null;
  if (direction === "up" && into?.kind === "attachment") return into.source;
  const helper = leaving.find((edge) => edge.kind === "attachment");
  if (direction === "down" && helper) return helper.target;
  return into ? findSibling(graph, actions, into, direction) : null;
}

function listLeavingEdges(graph: Graph, actions: ActionIndex, node: GraphNode): GraphEdge[] {
  const { branches } = getAction(actions, node);
  const rank = (edge: GraphEdge): number => branches.findIndex((branch) => branch.name === edge.source_port);
  return graph.edges.filter((edge) => edge.source === node.id).toSorted((a, b) => rank(a) - rank(b));
}

/** The node at the next branch of the same source. */
function findSibling(
  graph: Graph,
  actions: ActionIndex,
  edge: GraphEdge,
  direction: Direction,
): string | null {
  const source = findNode(graph, edge.source);
  if (!source) return null;
  const branches = listLeavingEdges(graph, actions, source).filter((each) => each.kind === edge.kind);
  return branches[branches.indexOf(edge) + (direction === "down" ? 1 : -1)]?.target ?? null;
}

const directionVectors: Record<Direction, { x: number; y: number }> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** The nearest card on this side, for a direction without an edge. A distance to the side counts double. */
function findNearest(nodes: readonly GraphNode[], from: GraphNode, direction: Direction): GraphNode | null {
  const way = directionVectors[direction];
  let best: { node: GraphNode; far: number } | null = null;
  for (const node of nodes) {
    const x = node.position.x - from.position.x;
    const y = node.position.y - from.position.y;
    const ahead = x * way.x + y * way.y;
    const aside = Math.abs(x * way.y) + Math.abs(y * way.x);
    const far = ahead + 2 * aside;
    if (ahead > 0 && ahead >= aside && (!best || far < best.far)) best = { node, far };
  }
  return best?.node ?? null;
}
