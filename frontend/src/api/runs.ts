import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Run, RunRow } from "./types";

/** Loads the last runs of a flow, the newest first. */
export function useRuns(flow: string, limit = 20) {
  return useQuery({
    queryKey: queryKeys.runs(flow),
    queryFn: async ({ signal }) =>
      (await call<{ runs: RunRow[] }>("GET", "runs", { query: { flow, limit }, signal })).runs,
  });
}

/** Loads a run with its state. */
export function fetchRun(id: string, signal?: AbortSignal): Promise<Run> {
  return call<Run>("GET", `runs/${id}`, { signal });
}
