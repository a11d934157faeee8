import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Catalogue } from "./types";

/** Every action that a flow can hold. It changes with the server's version only. */
export function useCatalogue() {
  return useQuery({
    queryKey: queryKeys.actions,
    queryFn: ({ signal }) => call<Catalogue>("GET", "actions", { signal }),
    staleTime: Infinity,
  });
}
