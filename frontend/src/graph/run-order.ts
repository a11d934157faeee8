/** Where each node stands in the order of a run. Pure, and worked out once for each graph. */
import type { Graph, GraphEdge, GraphNode } from "../api/types";
import { actionOf, type ActionIndex } from "./action-index";

export interface Place {
  /** The node whose branch repeats this one, the innermost; null when it runs once. */
  repeatedBy: string | null;
  /** The node whose stream must end before this one begins. */
  afterStream: string | null;
}

export interface Paths {
  /** Nodes that a run can reach, with their place. */
  places: ReadonlyMap<string, Place>;
  /** All node ids: those that run in run order, each host before its helpers, then the rest. */
  order: readonly string[];
}

const known = new WeakMap<Graph, { actions: ActionIndex; paths: Paths }>();

export function pathsOf(graph: Graph, actions: ActionIndex): Paths {
  const last = known.get(graph);
  if (last?.actions === actions) return last.paths;
  const paths = walk(graph, actions);
  known.set(graph, { actions, paths });
  return paths;
}

function walk(graph: Graph, actions: ActionIndex): Paths {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const leaving = (id: string): GraphEdge[] => graph.edges.filter((edge) => edge.source === id);
  const places = new Map<string, Place>();

  const visit = (node: GraphNode, place: Place): void => {
    if (places.has(node.id)) return;
    places.set(node.id, place);
    for (const edge of inOrder(node, leaving(node.id), actions)) {
      const next = nodes.get(edge.target);
      if (next) visit(next, placeAfter(node, edge, place, actions));
    }
  };
  for (const node of byPosition(graph.nodes)) {
    if (actionOf(actions, node).role === "trigger") visit(node, { repeatedBy: null, afterStream: null });
  }
  const rest = byPosition(graph.nodes).filter((node) => !places.has(node.id));
  return { places, order: [...places.keys(), ...rest.map((node) => node.id)] };
}

/** The edges of a node in the order of its ports: helpers first, for they serve the node itself. */
function inOrder(node: GraphNode, edges: GraphEdge[], actions: ActionIndex): GraphEdge[] {
  const { branches } = actionOf(actions, node);
  const rank = (edge: GraphEdge): number =>
    edge.kind === "attachment" ? -1 : branches.findIndex((branch) => branch.name === edge.source_port);
  return edges.toSorted((a, b) => rank(a) - rank(b));
}

function placeAfter(node: GraphNode, edge: GraphEdge, place: Place, actions: ActionIndex): Place {
  const { branches, streams } = actionOf(actions, node);
  if (edge.kind === "attachment") return place;
  const repeats = branches.some((branch) => branch.name === edge.source_port && branch.repeats);
  if (repeats) return { repeatedBy: node.id, afterStream: null };
  return streams ? { ...place, afterStream: node.id } : place;
}

function byPosition(nodes: GraphNode[]): GraphNode[] {
  return nodes.toSorted((a, b) => a.position.x - b.position.x || a.position.y - b.position.y);
}
