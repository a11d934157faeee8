import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client";
import { queryKeys } from "./query-keys";
import { setSigningIn } from "./server-state";

const MAX_RETRIES = 2;

/**
 * Creates the cache of the app. When a call finds that the session has ended, the app loads `me` again. Where the
 * person asked for the call, the sign-in form opens too. Calls are made at once also while the browser is offline:
 * what fails says so, and nothing is sent later behind the person's back.
 */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== queryKeys.me[0]) refetchMe(client, error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error) => {
        refetchMe(client, error);
        if (isSignedOut(error)) setSigningIn(true);
      },
    }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: shouldRetry, networkMode: "always" },
      mutations: { networkMode: "always" },
    },
  });
  return client;
}

function refetchMe(client: QueryClient, error: Error): void {
  if (isSignedOut(error)) void client.invalidateQueries({ queryKey: queryKeys.me });
}

function isSignedOut(error: Error): boolean {
  return error instanceof ApiError && error.isSignedOut;
}

/** Whether a failed call is made again: only failures that can end by themselves are. */
function shouldRetry(failures: number, error: Error): boolean {
  const passing = error instanceof ApiError && (error.status === 0 || error.status >= 502);
  return passing && failures < MAX_RETRIES;
}
