import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Flow, FlowRow, Graph, Named, SavedGraph } from "./types";

/** The flows of the workspace. Asked again every 10 s, for runs come and go. */
export function useFlows() {
  return useQuery({ ...flowsQuery, refetchInterval: 10_000 });
}

/** The names of the flows. They stay the same object until a name changes, whatever runs meanwhile. */
export function useFlowNames() {
  return useQuery({ ...flowsQuery, select: listNames });
}

const flowsQuery = {
  queryKey: queryKeys.flows,
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await call<{ flows: FlowRow[] }>("GET", "flows", { signal })).flows,
};

function listNames(flows: FlowRow[]): Named[] {
  return flows.map(({ id, name }) => ({ id, name }));
}

export function useFlow(id: string) {
  return useQuery({ queryKey: queryKeys.flow(id), queryFn: ({ signal }) => fetchFlow(id, signal) });
}

export interface NewFlow {
  name: string;
  description?: string;
  graph?: Graph;
}

export function useCreateFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (flow: NewFlow) => call<Flow>("POST", "flows", { body: flow }),
    onSuccess: (flow) => cacheFlow(client, flow),
  });
}

/** A new flow with the name given and the graph of another. */
export function useDuplicateFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, name }: { id: string; name: string }) => {
      const { graph, description } = await fetchFlow(id);
      return call<Flow>("POST", "flows", { body: { name, description, graph } });
    },
    onSuccess: (flow) => cacheFlow(client, flow),
  });
}

export interface FlowChange {
  id: string;
  name?: string;
  description?: string;
}

export function useUpdateFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: FlowChange) => call<Flow>("PATCH", `flows/${id}`, { body: change }),
    onSuccess: (flow) => cacheFlow(client, flow),
  });
}

/** Refused with `flow_running` while a run is going. Its runs go with it. */
export function useDeleteFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `flows/${id}`),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: queryKeys.flow(id) });
      return client.invalidateQueries({ queryKey: queryKeys.flows, exact: true });
    },
  });
}

/** Refused with `version_conflict` when `revision` is not the stored one. */
export function saveGraph(id: string, body: { revision: number; graph: Graph }): Promise<SavedGraph> {
  return call<SavedGraph>("PUT", `flows/${id}/graph`, { body });
}

export function fetchFlow(id: string, signal?: AbortSignal): Promise<Flow> {
  return call<Flow>("GET", `flows/${id}`, { signal });
}

function cacheFlow(client: QueryClient, flow: Flow): Promise<void> {
  client.setQueryData(queryKeys.flow(flow.id), flow);
  return client.invalidateQueries({ queryKey: queryKeys.flows, exact: true });
}
