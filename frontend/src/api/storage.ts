import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { KeptLogs, Retention, StorageUse } from "./types";

/** What the workspace stores, measured when it is asked. */
export function useStorage() {
  return useQuery({
    queryKey: queryKeys.storage,
    queryFn: ({ signal }) => call<StorageUse>("GET", "storage", { signal }),
    staleTime: 0,
  });
}

/** How long the workspace keeps the logs of its runs, and what the server keeps at most. */
export function useRetention() {
  return useQuery({
    queryKey: queryKeys.retention,
    queryFn: ({ signal }) => call<Retention>("GET", "retention", { signal }),
    staleTime: 0,
    gcTime: 0, // a form that opens begins with the rule of now, and not with the one that somebody has changed
  });
}

/** Says how long the logs are kept. What is null is as the server says. */
export function useChangeRetention() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (rule: KeptLogs) => call<Retention>("PUT", "retention", { body: rule }),
    onSuccess: (stored) => client.setQueryData(queryKeys.retention, stored),
  });
}
