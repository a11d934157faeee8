/** The place of each node in a run, computed once for each graph. Pure. */
import type { Graph, GraphEdge, GraphNode } from "../api/types";
import { getAction, type ActionIndex } from "./action-index";

export interface RunPlace {
  /** The innermost node whose branch repeats this one; null when it runs once. */
  repeatedBy: string | null;
  /** The node whose stream must end before this one starts. */
  afterStream: string | null;
}

export interface RunOrder {
  /** The nodes that a run can reach, with their places. */
  places: ReadonlyMap<string, RunPlace>;
  /** All node ids: first those of the run in run order, each host before its helpers, then the rest. */
  nodeIds: readonly string[];
}

const cachedOrders = new WeakMap<Graph, { actions: ActionIndex; paths: RunOrder }>();

export function getRunOrder(graph: Graph, actions: ActionIndex): RunOrder {
  const last = cachedOrders.get(graph);
  if (last?.actions === actions) return last.paths;
  const paths = computeRunOrder(graph, actions);
  cachedOrders.set(graph, { actions, paths });
  return paths;
}

function computeRunOrder(graph: Graph, actions: ActionIndex): RunOrder {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const leaving = (id: string): GraphEdge[] => graph.edges.filter((edge) => edge.source === id);
  const places = new Map<string, RunPlace>();

  const visit = (node: GraphNode, place: RunPlace): void => {
    if (places.has(node.id)) return;
    places.set(node.id, place);
    for (const edge of sortByPort(node, leaving(node.id), actions)) {
      const next = nodes.get(edge.target);
      if (next) visit(next, findPlaceAfter(node, edge, place, actions));
    }
  };
  for (const node of sortByPosition(graph.nodes)) {
    if (getAction(actions, node).role === "trigger") visit(node, { repeatedBy: null, afterStream: null });
  }
  const rest = sortByPosition(graph.nodes).filter((node) => !places.has(node.id));
  return { places, nodeIds: [...places.keys(), ...rest.map((node) => node.id)] };
}

/** The edges of a node in the order of its ports, the helpers first, because they run for the node itself. */
function sortByPort(node: GraphNode, edges: GraphEdge[], actions: ActionIndex): GraphEdge[] {
  const { branches } = getAction(actions, node);
  const rank = (edge: GraphEdge): number =>
    edge.kind === "attachment" ? -1 : branches.findIndex((branch) => branch.name === edge.source_port);
  return edges.toSorted((a, b) => rank(a) - rank(b));
}

function findPlaceAfter(node: GraphNode, edge: GraphEdge, place: RunPlace, actions: ActionIndex): RunPlace {
  const { branches, streams } = getAction(actions, node);
  if (edge.kind === "attachment") return place;
  const repeats = branches.some((branch) => branch.name === edge.source_port && branch.repeats);
  if (repeats) return { repeatedBy: node.id, afterStream: null };
  return streams ? { ...place, afterStream: node.id } : place;
}

function sortByPosition(nodes: GraphNode[]): GraphNode[] {
  return nodes.toSorted((a, b) => a.position.x - b.position.x || a.position.y - b.position.y);
}
