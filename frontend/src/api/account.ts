import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Account } from "./types";

export function useAccount() {
  return useQuery({
    queryKey: queryKeys.account,
    queryFn: ({ signal }) => call<Account>("GET", "account", { signal }),
  });
}

export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; password: string }) =>
      call<undefined>("POST", "account/password", { body }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.account }),
  });
}

/** Signs out in another browser. */
export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `account/sessions/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.account }),
  });
}

/** Signs out everywhere else. */
export function useEndOtherSessions() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<undefined>("DELETE", "account/sessions"),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.account }),
  });
}
