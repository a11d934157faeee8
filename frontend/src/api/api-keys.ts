import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { ApiKey, ApiKeyPolicy, Environment, NewApiKey } from "./types";

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
  environments: Environment[];
  /** Absent: the key may use all flows of the workspace. */
  flows?: string[];
  /** Absent: no page of another site may use the key. */
  origins?: string[];
  expires_at?: string;
  /** Absent: no limit of its own. */
  runs_per_minute?: number;
  runs_at_once?: number;
  tokens_per_day?: number;
}

/** All limits of a key; an absent one is none. */
export type KeyLimits = Pick<ApiKeyBody, "runs_per_minute" | "runs_at_once" | "tokens_per_day">;

/** Creates a key. Only this answer holds the key itself; the cache keeps none of it. */
export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ApiKeyBody) => call<NewApiKey>("POST", "api-keys", { body }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}

/** Gives a key a new secret, which only this answer holds; the cache keeps none of it. */
export function useRotateApiKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { old_works_until: string }) =>
      call<NewApiKey>("POST", `api-keys/${id}/rotation`, { body }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}

export function useRevokeOldSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `api-keys/${id}/old-secret`),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.apiKeys }),
  });
}

export function useLimitApiKey(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: KeyLimits) => call<ApiKey>("PATCH", `api-keys/${id}`, { body }),
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
