import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Flow, FlowRow, Graph, Named, SavedGraph } from "./types";

/** Loads the flows of the workspace, again every 10 s, because runs start and end. */
export function useFlows() {
  return useQuery({ ...flowsQuery, refetchInterval: 10_000 });
}

/** Loads the names of the flows. The result is the same object until a name changes, however often runs change. */
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

/** Creates a flow from a template, bound to the first connection and collection that fit. */
export function useCreateFromTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (template: string) => call<Flow>("POST", `templates/${template}/flow`),
    onSuccess: (flow) => cacheFlow(client, flow),
  });
}

/** Creates a flow with this name and the graph of another flow. */
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
  /** The name that callers use in addresses; the one before it stays as an alias. */
  address?: string;
  /** The aliases that stay; the others are forgotten. */
  aliases?: string[];
}

export function useUpdateFlow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: FlowChange) => call<Flow>("PATCH", `flows/${id}`, { body: change }),
    onSuccess: (flow) => cacheFlow(client, flow),
  });
}

/** Deletes a flow with its runs. The server refuses with `flow_running` while a run goes on. */
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

/** Saves a graph. The server refuses with `version_conflict` when `revision` is not the stored one. */
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
