import {
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Environment, Flow, Version, VersionComparison, VersionHead, VersionList } from "./types";

/** An environment that a version is published to. Development runs the draft. */
export type PublishEnvironment = Exclude<Environment, "development">;

const NO_CURSOR: number | null = null;

/** Loads the versions of a flow page by page, the newest first. */
export function useVersions(flow: string) {
  return useInfiniteQuery({
    queryKey: queryKeys.versions(flow),
    queryFn: ({ pageParam, signal }) =>
      call<VersionList>("GET", `flows/${flow}/versions${pageParam === null ? "" : `?before=${pageParam}`}`, {
        signal,
      }),
    initialPageParam: NO_CURSOR,
    getNextPageParam: ({ next }) => next,
  });
}

export function fetchVersion(flow: string, number: number): Promise<Version> {
  return call<Version>("GET", `flows/${flow}/versions/${number}`);
}

/** What differs between two versions, which never change. `old` may be null: there is nothing to compare with. */
export function useComparison(flow: string, old: number | null, next: number) {
  return useQuery({
    queryKey: queryKeys.comparison(flow, old ?? 0, next),
    queryFn: () => compareVersions(flow, old ?? next, next),
    enabled: old !== null,
    staleTime: Infinity,
  });
}

export function compareVersions(flow: string, old: number, next: number): Promise<VersionComparison> {
  return call<VersionComparison>("GET", `flows/${flow}/versions/${old}/comparison?to=${next}`);
}

/** Saves the graph of a version as the draft. The server refuses with `version_conflict` as for a save. */
export function restoreVersion(flow: string, number: number, revision: number): Promise<Flow> {
  return call<Flow>("POST", `flows/${flow}/versions/${number}/restore`, { body: { revision } });
}

export function useRenameVersion(flow: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, ...texts }: { number: number; name: string; note: string }) =>
      call<VersionHead>("PATCH", `flows/${flow}/versions/${number}`, { body: texts }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.versions(flow) }),
  });
}

export interface Publication {
  number: number;
  environment: PublishEnvironment;
  note: string;
}

export function usePublish(flow: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ number, ...body }: Publication) =>
      call<Flow>("POST", `flows/${flow}/versions/${number}/publish`, { body }),
    onSuccess: (published) => cachePublished(client, published),
  });
}

/** Publishes what was published to the environment before. */
export function useRollBack(flow: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (environment: PublishEnvironment) =>
      call<Flow>("POST", `flows/${flow}/versions/rollback`, { body: { environment } }),
    onSuccess: (published) => cachePublished(client, published),
  });
}

function cachePublished(client: QueryClient, flow: Flow): Promise<void> {
  client.setQueryData(queryKeys.flow(flow.id), flow);
  void client.invalidateQueries({ queryKey: queryKeys.flows, exact: true });
  return client.invalidateQueries({ queryKey: queryKeys.versions(flow.id), exact: true });
}
