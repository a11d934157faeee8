import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { StorageUse } from "./types";

/** What the workspace stores, measured when it is asked. */
export function useStorage() {
  return useQuery({
    queryKey: queryKeys.storage,
    queryFn: ({ signal }) => call<StorageUse>("GET", "storage", { signal }),
    staleTime: 0,
  });
}
