import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { NodeValues, Run, RunRow } from "./types";

const RUNS_INTERVAL_MS = 10_000;

/** Loads the last runs of a flow, the newest first; again and again, because schedules and callers start them, too. */
export function useRuns(flow: string, limit = 20) {
  return useQuery({
    queryKey: queryKeys.runs(flow),
    queryFn: async ({ signal }) =>
      (await call<{ runs: RunRow[] }>("GET", "runs", { query: { flow, limit }, signal })).runs,
    refetchInterval: RUNS_INTERVAL_MS,
  });
}

/** Loads a run with its state. */
export function fetchRun(id: string, signal?: AbortSignal): Promise<Run> {
  return call<Run>("GET", `runs/${id}`, { signal });
}

export interface NodeValuesQuery {
  run: string;
  node: string;
  /** Null: the last pass. */
  pass: number | null;
  /** What is known of the node from events: the values are loaded again when it changes. */
  version: string;
  isRunning: boolean;
}

const RUNNING_INTERVAL_MS = 1500;

/** Loads what a node of a run received and gave; while the run goes on, again and again. */
export function useNodeValues({ run, node, pass, version, isRunning }: NodeValuesQuery) {
  return useQuery({
    queryKey: [...queryKeys.nodeValues(run, node), pass, version],
    queryFn: ({ signal }) =>
      call<NodeValues>("GET", `runs/${run}/nodes/${encodeURIComponent(node)}`, {
        query: { pass: pass ?? undefined },
        signal,
      }),
    placeholderData: (before, query) =>
      query?.queryKey[1] === run && query.queryKey[3] === node ? before : undefined,
    refetchInterval: isRunning ? RUNNING_INTERVAL_MS : false,
    staleTime: isRunning ? 0 : Infinity,
  });
}
