import { useMemo } from "react";
import type { Graph, GraphEdge } from "../../../api/types";
import { type ActionIndex, getAction } from "../../../graph/action-index";
import { useActions } from "../../../graph/useActions";
import { findNode } from "../../../graph/document";
import { getRunOrder } from "../../../graph/run-order";
import { useGraph } from "../../../graph/useGraph";
import { getEdgeRun, type EdgeRun, type EdgeRoute } from "./edge-run";
import { useShownRun } from "../../../run/useShownRun";

const cachedRoutes = new WeakMap<Graph, Map<string, EdgeRoute>>();

/** The route of an edge, computed once for each graph. */
function getRoute(graph: Graph, actions: ActionIndex, edge: GraphEdge): EdgeRoute {
  const ways = cachedRoutes.get(graph) ?? new Map<string, EdgeRoute>();
  cachedRoutes.set(graph, ways);
  const way = ways.get(edge.id) ?? createRoute(graph, actions, edge);
  ways.set(edge.id, way);
  return way;
}

function createRoute(
  graph: Graph,
  actions: ActionIndex,
  { source, source_port, target }: GraphEdge,
): EdgeRoute {
  const node = findNode(graph, source);
  const repeats =
    node && getAction(actions, node).branches.some((each) => each.name === source_port && each.repeats);
  const place = getRunOrder(graph, actions).places.get(source);
  const into = graph.edges.filter((edge) => edge.target === target && edge.kind === "execution");
  const otherSources = into.map((edge) => edge.source).filter((id) => id !== source);
  return { source, target, repeatedBy: repeats ? source : (place?.repeatedBy ?? null), otherSources };
}

/** The states of the edges at a port, one word for each: `"travelled active"`. */
export function useEdgeRuns(node: string, end: "source" | "target", port: string): string {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  // React calls this once a frame while a run streams, so the edges are found once for each graph.
  const ways = useMemo(
    () =>
      graph.edges
        .filter((edge) => edge[end] === node && edge[`${end}_port`] === port && edge.kind === "execution")
        .map((edge) => getRoute(graph, actions, edge)),
    [graph, actions, node, end, port],
  );
  return useShownRun(({ state }) => ways.map((way) => getEdgeRun(state, way)).join(" "));
}

export function useEdgeRun(edge: GraphEdge): EdgeRun {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  return useShownRun(({ state }) => getEdgeRun(state, getRoute(graph, actions, edge)));
}
