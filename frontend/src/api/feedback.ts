/** What visitors of chat pages think of answers, for members. */
import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Feedback, RatedRun, Rating } from "./types";

/** Loads the rated runs of a flow, the newest first: all, or those that are rated so. */
export function useRatedRuns(flow: string, rating: Rating | null, limit = 20) {
  return useQuery({
    queryKey: queryKeys.ratedRuns(flow, rating),
    queryFn: async ({ signal }) => {
      const query = { rating: rating ?? undefined, limit };
      return (await call<{ runs: RatedRun[] }>("GET", `flows/${flow}/rated-runs`, { query, signal })).runs;
    },
  });
}

/** Loads the feedback on a run that has ended; null where there is none. */
export function useRunFeedback(run: string | null, hasEnded: boolean) {
  return useQuery({
    queryKey: queryKeys.runFeedback(run ?? ""),
    queryFn: async ({ signal }) =>
      (await call<{ feedback: Feedback | null }>("GET", `runs/${run}/feedback`, { signal })).feedback,
    enabled: run !== null && hasEnded,
  });
}
