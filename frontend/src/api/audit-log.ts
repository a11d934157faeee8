import { useInfiniteQuery } from "@tanstack/react-query";
import { API_BASE_PATH, call } from "./client";
import { queryKeys } from "./query-keys";
import type { AuditPage, Deed } from "./types";

/** What is looked for; what is absent narrows nothing. The times are ISO texts. */
export interface AuditQuery {
  person?: string;
  deed?: Deed;
  since?: string;
  until?: string;
}

/** Loads the audit log a page at a time, the newest entries first. */
export function useAuditLog(query: AuditQuery) {
  return useInfiniteQuery({
    queryKey: queryKeys.auditLog(query),
    queryFn: ({ pageParam, signal }) =>
      call<AuditPage>("GET", "audit-log", { query: { ...query, after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

/** The address of the export of all that the query finds. */
export function getExportAddress(query: AuditQuery, format: "csv" | "jsonl"): string {
  return `${API_BASE_PATH}audit-log/export?${new URLSearchParams({ ...query, format }).toString()}`;
}
