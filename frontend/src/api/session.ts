import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Me } from "./types";

/** Who is signed in, and where. An error that is `signedOut` means nobody. */
export function useMe() {
  return useQuery({
    queryKey: queryKeys.me,
    queryFn: ({ signal }) => call<Me>("GET", "me", { signal }),
    staleTime: 60_000,
  });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { username: string; password: string }) =>
      call<Me>("POST", "sign-in", { body: credentials }),
    onSuccess: (me) => client.setQueryData(queryKeys.me, me),
  });
}

/** Signing out empties the cache: what one person saw is not the next one's. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<undefined>("POST", "sign-out"),
    onSuccess: () => client.clear(),
  });
}

/** Another workspace has other flows and connections, so all but `me` is asked anew. */
export function useSwitchWorkspace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (workspace: string) => call<Me>("PATCH", "me", { body: { workspace } }),
    onSuccess: (me) => {
      client.setQueryData(queryKeys.me, me);
      return client.resetQueries({ predicate: (query) => query.queryKey[0] !== queryKeys.me[0] });
    },
  });
}
