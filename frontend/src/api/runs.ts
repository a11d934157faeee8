import { useMutation, useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { keys } from "./keys";
import type { Run, RunEvent, RunRow, RunStatus } from "./types";

/** The last runs of a flow, the newest first. */
export function useRuns(flow: string, limit = 20) {
  return useQuery({
    queryKey: keys.runs(flow),
    queryFn: async ({ signal }) =>
      (await call<{ runs: RunRow[] }>("GET", "runs", { query: { flow, limit }, signal })).runs,
  });
}

/** A run with its state. */
export function fetchRun(id: string, signal?: AbortSignal): Promise<Run> {
  return call<Run>("GET", `runs/${id}`, { signal });
}

/** The same, kept up to date. Pass null while none is chosen. */
export function useRun(id: string | null) {
  return useQuery({
    queryKey: keys.run(id ?? ""),
    queryFn: ({ signal }) => fetchRun(id ?? "", signal),
    enabled: id !== null,
  });
}

export interface EventsPage {
  events: RunEvent[];
  /** What to pass as `after` for the page that follows. */
  next: number;
  ended: boolean;
}

export function fetchRunEvents(id: string, after = 0, signal?: AbortSignal): Promise<EventsPage> {
  return call<EventsPage>("GET", `runs/${id}/events`, { query: { after }, signal });
}

export function useCancelRun() {
  return useMutation({
    mutationFn: (id: string) => call<{ run: string; status: RunStatus }>("POST", `runs/${id}/cancel`),
  });
}
