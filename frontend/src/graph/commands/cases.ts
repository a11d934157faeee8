import type { Graph, GraphEdge, Json } from "../../api/types";
import { getCasePort } from "../action-index";

interface CaseEdit {
  node: string;
  before: readonly Json[];
  after: readonly Json[];
}

/**
 * Moves the edges of a node whose cases changed. Ports are numbered: an edge moves when its case moves, stays when
 * only the text of its case changes, and goes with a deleted case.
 */
export function moveCaseEdges(graph: Graph, { node, before, after }: CaseEdit): Graph {
  if (before.length === after.length) return graph;
  const ports = new Map(before.map((_, at) => [getCasePort(at), findPortAfter(before, after, at)] as const));
  const edges = graph.edges.flatMap((edge): GraphEdge[] => {
    const port = edge.source === node ? ports.get(edge.source_port) : undefined;
    if (port === undefined) return [edge];
    return port === null ? [] : [port === edge.source_port ? edge : { ...edge, source_port: port }];
  });
  return { ...graph, edges };
}

/** The port of the case that was at this index; null when the case is deleted. */
function findPortAfter(before: readonly Json[], after: readonly Json[], at: number): string | null {
  const head = countEqualFrom(before, after, 0);
  if (at < head) return getCasePort(at);
  const fromEnd = before.length - at;
  const tail = Math.min(countEqualFrom(before.toReversed(), after.toReversed(), 0), after.length - head);
  return fromEnd <= tail ? getCasePort(after.length - fromEnd) : null;
}

/** How many items are equal at the start of both lists. */
function countEqualFrom(some: readonly Json[], others: readonly Json[], at: number): number {
  return at < some.length && at < others.length && some[at] === others[at]
    ? countEqualFrom(some, others, at + 1)
    : at;
}
