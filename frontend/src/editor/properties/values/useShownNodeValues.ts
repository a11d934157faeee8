import { useNodeValues } from "../../../api/runs";
import { useShownRun } from "../../../run/useShownRun";

/** Loads what the node received and gave in the run `run`, again whenever the events tell something new of it. */
export function useShownNodeValues(run: string, node: string, pass: number | null) {
  const status = useShownRun(({ state }) => state.status);
  const nodeState = useShownRun(({ state }) => state.nodes[node]?.state ?? "");
  return useNodeValues({
    ...{ run, node, pass },
    version: `${status} ${nodeState}`,
    isRunning: status === "running" || status === "waiting",
  });
}
