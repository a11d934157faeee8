import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Me } from "./types";

/** Loads who is signed in, and the workspace. An error with `isSignedOut` means that nobody is signed in. */
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

/** Signs out and empties the cache, so that the next person does not see what this one saw. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<undefined>("POST", "sign-out"),
    onSuccess: () => client.clear(),
  });
}

/** Changes the workspace and loads everything but `me` again, because another workspace has other flows. */
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
