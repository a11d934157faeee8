/** What an edge shows of the run. Pure. */
import type { RunState } from "../../../api/types";

export type EdgeRun = "idle" | "travelled" | "active" | "failed";

/** An edge, with the part of the graph that its look depends on. */
export interface EdgeRoute {
  source: string;
  target: string;
  /** The streaming node whose repeated branch has the edge. */
  repeatedBy: string | null;
  /** The other nodes with an execution edge to the target. */
  otherSources: readonly string[];
}

export function getEdgeRun(
  { nodes }: RunState,
  { source, target, repeatedBy, otherSources }: EdgeRoute,
): EdgeRun {
  const from = nodes[source];
  const to = nodes[target];
  if (!from || !to || otherSources.some((rival) => hasStartedBetween(nodes, source, rival, target)))
    return "idle";
  if (to.state === "failed") return "failed";
  const stream = repeatedBy === null ? undefined : nodes[repeatedBy];
  return stream?.state === "running" && stream.messages > 0 ? "active" : "travelled";
}

/**
 * Whether another source started between this one and the target. Where paths meet, the run took the edge of the
 * source that started last.
 */
function hasStartedBetween(nodes: RunState["nodes"], source: string, rival: string, target: string): boolean {
  const order = Object.keys(nodes);
  const [first, between, last] = [source, rival, target].map((id) => order.indexOf(id));
  return (
    between !== undefined && first !== undefined && last !== undefined && between > first && between < last
  );
}
