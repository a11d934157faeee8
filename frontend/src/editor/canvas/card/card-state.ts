/** What a card says of the run that is shown. */
import type { NodeRunState, RunState } from "../../../api/types";
import type { RunPlace } from "../../../graph/run-order";
import { useShownRun } from "../../../run/useShownRun";

export type CardState =
  "idle" | "waiting" | "running" | "done" | "failed" | "skipped" | "disabled" | "cancelled" | "interrupted";

/** One node's slice of the run; its identity changes only with the node. */
export function useNodeRun(id: string): NodeRunState | undefined {
  return useShownRun(({ state }) => state.nodes[id]);
}

/** Only what a run can reach waits; all else stays as it is. */
function getCardState(run: RunState, node: string, place: RunPlace | undefined): CardState {
  const state = run.nodes[node]?.state;
  if (state) return state;
  return run.status === "running" && place ? "waiting" : "idle";
}

export function useCardState(node: string, place: RunPlace | undefined, disabled: boolean): CardState {
  const state = useShownRun(({ state: run }) => getCardState(run, node, place));
  return disabled ? "disabled" : state;
}

/** What a waiting node waits for, where that can be told. */
export function describeWait(run: RunState, place: RunPlace | undefined): string {
  const stream = place?.afterStream;
  return stream && run.nodes[stream]?.state === "running" ? "after the stream" : "waiting";
}
