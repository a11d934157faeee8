import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { CallerKind, Price, PriceList, WorkspaceUsage } from "./types";

/** Which usage is asked for; what is absent narrows nothing. Days are `YYYY-MM-DD`, in UTC. */
export interface UsageQuery {
  from: string;
  to: string;
  flow?: string;
  version?: string;
  /** The id of an API key, or `none` for runs that no key has started. */
  key?: string;
  caller?: CallerKind;
}

/** The usage of some days. While another choice is loaded, the one before stays. */
export function useUsage(query: UsageQuery) {
  return useQuery({
    queryKey: queryKeys.usage(query),
    queryFn: ({ signal }) => call<WorkspaceUsage>("GET", "usage", { query: { ...query }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function usePrices() {
  return useQuery({
    queryKey: queryKeys.prices,
    queryFn: ({ signal }) => call<PriceList>("GET", "prices", { signal }),
  });
}

/** Dollars for a million tokens, and for a thousand web searches; an absent one is not known. */
export type PriceBody = { model: string; prompts: Price["prompts"]; since: string } & Partial<
  Record<PricePart, number>
>;
export type PricePart =
  "input" | "output" | "cache_read" | "cache_write_5m" | "cache_write_1h" | "web_search";

export function useSetPrice() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: PriceBody) => call<Price>("POST", "prices", { body }),
    onSuccess: refresh,
  });
}

export function useRemovePrice() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `prices/${id}`),
    onSuccess: refresh,
  });
}

/** A price changes the cost of days that have passed, too. */
function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: queryKeys.prices }),
      client.invalidateQueries({ queryKey: ["usage"] }),
    ]);
}
