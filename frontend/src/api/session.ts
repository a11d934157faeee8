import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, call } from "./client";
import { queryKeys } from "./query-keys";
import { isCodeRequired, waitForCode } from "./sign-in";
import { reportRemoved, reportSignedIn } from "./server-state";
import type { Me } from "./types";

/** How often a visible page looks whether the session goes on and the server is there. */
const ME_INTERVAL_MS = 15_000;

/**
 * Loads who is signed in, and the workspace. An error with `isSignedOut` means that nobody is signed in. Who has been
 * removed from the workspace of the open page gets an error as well, and keeps what was loaded before.
 */
export function useMe() {
  const client = useQueryClient();
  return useQuery({
    queryKey: queryKeys.me,
    queryFn: async ({ signal }) => loadMe(client.getQueryData<Me>(queryKeys.me), signal),
    refetchInterval: ME_INTERVAL_MS,
  });
}

const NO_WORKSPACE_CODE = "no_workspace";

/** Whether the person is signed in, and a member of no workspace. */
export function hasNoWorkspace(error: Error | null): boolean {
  return error instanceof ApiError && error.code === NO_WORKSPACE_CODE;
}

async function loadMe(before: Me | undefined, signal: AbortSignal): Promise<Me> {
  try {
    const me = await call<Me>("GET", "me", { signal });
    if (before && !me.workspaces.some(({ id }) => id === before.workspace.id)) {
      throw new ApiError(403, { code: NO_WORKSPACE_CODE, message: "You are a member here no more." });
    }
    reportSignedIn();
    return me;
  } catch (error) {
    if (before && error instanceof Error && hasNoWorkspace(error)) reportRemoved();
    throw error;
  }
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { username: string; password: string }) =>
      call<Me>("POST", "sign-in", { body: credentials }),
    onSuccess: (me) => {
      client.setQueryData(queryKeys.me, me);
      reportSignedIn();
    },
    onError: (error) => {
      if (isCodeRequired(error)) waitForCode(client);
    },
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
