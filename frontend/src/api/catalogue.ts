import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Catalogue } from "./types";

/** Loads every action that a flow can have. The list changes only with the version of the server. */
export function useCatalogue() {
  return useQuery({
    queryKey: queryKeys.actions,
    queryFn: ({ signal }) => call<Catalogue>("GET", "actions", { signal }),
    staleTime: Infinity,
  });
}
