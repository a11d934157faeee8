import { useMemo } from "react";
import type { Graph, GraphEdge } from "../../../api/types";
import { type ActionIndex, actionOf } from "../../../graph/action-index";
import { useActions } from "../../../graph/useActions";
import { findNode } from "../../../graph/document";
import { pathsOf } from "../../../graph/run-order";
import { useGraph } from "../../../graph/useGraph";
import { edgeRun, type EdgeRun, type Way } from "./edge-run";
import { useShownRun } from "../../../run/useShownRun";

const known = new WeakMap<Graph, Map<string, Way>>();

/** The edge with what of the graph its run needs; worked out once for each graph. */
export function wayOf(graph: Graph, actions: ActionIndex, edge: GraphEdge): Way {
  const ways = known.get(graph) ?? new Map<string, Way>();
  known.set(graph, ways);
  const way = ways.get(edge.id) ?? makeWay(graph, actions, edge);
  ways.set(edge.id, way);
  return way;
}

function makeWay(graph: Graph, actions: ActionIndex, { source, source_port, target }: GraphEdge): Way {
  const node = findNode(graph, source);
  const repeats =
    node && actionOf(actions, node).branches.some((each) => each.name === source_port && each.repeats);
  const place = pathsOf(graph, actions).places.get(source);
  const into = graph.edges.filter((edge) => edge.target === target && edge.kind === "execution");
  const rivals = into.map((edge) => edge.source).filter((id) => id !== source);
  return { source, target, repeatedBy: repeats ? source : (place?.repeatedBy ?? null), rivals };
}

/** How the edges at one port go, as one word each: `"travelled active"`. */
export function useEdgeRuns(node: string, end: "source" | "target", port: string): string {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  // Asked once a frame while a run streams, so the edges are sought once a graph.
  const ways = useMemo(
    () =>
      graph.edges
        .filter((edge) => edge[end] === node && edge[`${end}_port`] === port && edge.kind === "execution")
        .map((edge) => wayOf(graph, actions, edge)),
    [graph, actions, node, end, port],
  );
  return useShownRun(({ state }) => ways.map((way) => edgeRun(state, way)).join(" "));
}

export function useEdgeRun(edge: GraphEdge): EdgeRun {
  const actions = useActions();
  const graph = useGraph((state) => state.graph);
  return useShownRun(({ state }) => edgeRun(state, wayOf(graph, actions, edge)));
}
