import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client";
import { keys } from "./keys";

const RETRIES = 2;

/**
 * One cache for the app. When any call finds that the session has ended, `me` is asked again:
 * its refusal is what leads to the sign-in page.
 */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] !== keys.me[0]) askAgainWhoIsHere(client, error);
      },
    }),
    mutationCache: new MutationCache({ onError: (error) => askAgainWhoIsHere(client, error) }),
    defaultOptions: { queries: { staleTime: 10_000, retry: worthTryingAgain } },
  });
  return client;
}

function askAgainWhoIsHere(client: QueryClient, error: Error): void {
  if (error instanceof ApiError && error.signedOut) void client.invalidateQueries({ queryKey: keys.me });
}

/** A refusal stays a refusal; only what may pass by itself is tried again. */
function worthTryingAgain(failures: number, error: Error): boolean {
  const passing = error instanceof ApiError && (error.status === 0 || error.status >= 502);
  return passing && failures < RETRIES;
}
