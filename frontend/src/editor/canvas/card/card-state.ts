/** What a card shows of the run. */
import type { NodeRunState, RunState } from "../../../api/types";
import type { RunPlace } from "../../../graph/run-order";
import { useShownRun } from "../../../run/useShownRun";

export type CardState =
  "idle" | "waiting" | "running" | "done" | "failed" | "skipped" | "disabled" | "cancelled" | "interrupted";

/** The state of one node in the shown run; the same object until the node changes. */
export function useNodeRun(id: string): NodeRunState | undefined {
  return useShownRun(({ state }) => state.nodes[id]);
}

/** The state that a card shows. Only nodes that a run can reach wait. */
function getCardState(run: RunState, node: string, place: RunPlace | undefined): CardState {
  const state = run.nodes[node]?.state;
  if (state) return state;
  return run.status === "running" && place ? "waiting" : "idle";
}

export function useCardState(node: string, place: RunPlace | undefined, disabled: boolean): CardState {
  const state = useShownRun(({ state: run }) => getCardState(run, node, place));
  return disabled ? "disabled" : state;
}

/** What a waiting node waits for, where that is known. */
export function describeWait(run: RunState, place: RunPlace | undefined): string {
  const stream = place?.afterStream;
  return stream && run.nodes[stream]?.state === "running" ? "after the stream" : "waiting";
}
