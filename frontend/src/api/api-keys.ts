import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { ApiKey, ApiKeyPolicy, NewApiKey } from "./types";

export function useApiKeys() {
  return useQuery({
    queryKey: queryKeys.apiKeys,
    queryFn: async ({ signal }) =>
      (await call<{ api_keys: ApiKey[] }>("GET", "api-keys", { signal })).api_keys,
  });
}

export interface ApiKeyBody {
  name: string;
  policies: ApiKeyPolicy[];
  /** Absent: the key may use all flows of the workspace. */
  flows?: string[];
  /** Absent: no page of another site may use the key. */
  origins?: string[];
  expires_at?: string;
}

/** Creates a key. Only this answer holds the key itself; the cache keeps none of it. */
export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiKeyBody) => call<NewApiKey>("POST", "api-keys", { body }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}

export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `api-keys/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}
