/** What an edge says of the run that is shown. Pure. */
import type { RunState } from "../../../api/types";

export type EdgeRun = "idle" | "travelled" | "active" | "failed";

/** An edge with what of the graph it needs to know. */
export interface EdgeRoute {
  source: string;
  target: string;
  /** The streaming node in whose repeated branch the edge lies. */
  repeatedBy: string | null;
  /** The other nodes from which the target can be reached in one step. */
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

/** Where paths meet, the one that was taken is that of the node which began last before the target. */
function hasStartedBetween(nodes: RunState["nodes"], source: string, rival: string, target: string): boolean {
  const order = Object.keys(nodes);
  const [first, between, last] = [source, rival, target].map((id) => order.indexOf(id));
  return (
    between !== undefined && first !== undefined && last !== undefined && between > first && between < last
  );
}
