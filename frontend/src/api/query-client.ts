import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client";
import { queryKeys } from "./query-keys";

const MAX_RETRIES = 2;

/**
 * Creates the cache of the app. When a call finds that the session has ended, the app loads `me` again; its refusal
 * leads to the sign-in page.
 */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== queryKeys.me[0]) refetchMe(client, error);
      },
    }),
    mutationCache: new MutationCache({ onError: (error) => refetchMe(client, error) }),
    defaultOptions: { queries: { staleTime: 10_000, retry: shouldRetry } },
  });
  return client;
}

function refetchMe(client: QueryClient, error: Error): void {
  if (error instanceof ApiError && error.isSignedOut)
    void client.invalidateQueries({ queryKey: queryKeys.me });
}

/** Whether a failed call is made again: only failures that can end by themselves are. */
function shouldRetry(failures: number, error: Error): boolean {
  const passing = error instanceof ApiError && (error.status === 0 || error.status >= 502);
  return passing && failures < MAX_RETRIES;
}
