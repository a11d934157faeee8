/** The conversations of this person with a flow. */
import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import { fetchRun } from "./runs";
import type { Run, RunRow, Session } from "./types";

/** Loads the sessions, the one that was used last first. */
export function useSessions(flow: string, enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.sessions(flow),
    queryFn: async ({ signal }) =>
      (await call<{ sessions: Session[] }>("GET", `flows/${flow}/sessions`, { signal })).sessions,
    enabled,
  });
}

/** Gives a session a name of its own; an empty one takes it away. */
export function useNameSession(flow: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { session_id: string; name: string }) =>
      call<undefined>("PATCH", `flows/${flow}/sessions`, { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.sessions(flow), exact: true }),
  });
}

const MAX_TURNS = 20;

export type SessionRun = RunRow & { record: Run | null };

/** Loads the last runs of a session, the oldest first; each with what it gave, once it has ended. */
export function useSessionRuns(flow: string, session_id: string | null) {
  return useQuery({
    queryKey: queryKeys.sessionRuns(flow, session_id ?? ""),
    queryFn: async ({ client, signal }) => {
      const query = { flow, session_id: session_id ?? "", limit: MAX_TURNS };
      const { runs } = await call<{ runs: RunRow[] }>("GET", "runs", { query, signal });
      return Promise.all(runs.reverse().map((row) => addRecord(client, row)));
    },
    enabled: session_id !== null,
  });
}

async function addRecord(client: QueryClient, row: RunRow): Promise<SessionRun> {
  if (row.finished_at === null) return { ...row, record: null };
  const record = await client.query({
    queryKey: queryKeys.run(row.id),
    queryFn: ({ signal }) => fetchRun(row.id, signal),
    staleTime: Infinity,
  });
  return { ...row, record };
}
