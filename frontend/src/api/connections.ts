import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type {
  Connection,
  ConnectionChoice,
  ConnectionKind,
  Json,
  ModelDescription,
  TestResult,
} from "./types";

/** What can be connected, and the fields of each kind. */
export function useConnectionKinds() {
  return useQuery({
    queryKey: queryKeys.connectionKinds,
    queryFn: async ({ signal }) =>
      (await call<{ kinds: ConnectionKind[] }>("GET", "connection-kinds", { signal })).kinds,
    staleTime: Infinity,
  });
}

/** All of each connection, for admins. */
export function useConnections() {
  return useQuery({
    queryKey: queryKeys.connections,
    queryFn: ({ signal }) => fetchConnections<Connection>(signal),
  });
}

/** The connections to choose from in a flow: what an editor may see. */
export function useConnectionChoices() {
  return useQuery({
    queryKey: queryKeys.connections,
    queryFn: ({ signal }) => fetchConnections<ConnectionChoice>(signal),
  });
}

/** The models that a connection's vendor offers. Pass null while no connection is chosen. */
export function useModels(connection: string | null) {
  return useQuery({
    queryKey: queryKeys.models(connection ?? ""),
    queryFn: async ({ signal }) =>
      (
        await call<{ models: ModelDescription[] }>("GET", `connections/${connection ?? ""}/models`, {
          signal,
        })
      ).models,
    enabled: connection !== null,
    staleTime: 300_000,
    retry: false,
  });
}

/** What is sent. A secret that is left out stays as it is. */
export interface ConnectionBody {
  name: string;
  settings: Record<string, Json>;
  secrets: Record<string, string>;
}

export function useCreateConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ConnectionBody & { kind: string }) =>
      call<Connection>("POST", "connections", { body }),
    onSuccess: () => refreshConnections(client),
  });
}

export function useUpdateConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Partial<ConnectionBody> & { id: string }) =>
      call<Connection>("PATCH", `connections/${id}`, { body }),
    onSuccess: () => refreshConnections(client),
  });
}

/** Refused with `connection_in_use` and the flows, while a flow uses it. */
export function useDeleteConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `connections/${id}`),
    onSuccess: () => refreshConnections(client),
  });
}

/** Calls the vendor with the stored key. A test that finds a fault is an answer, not an error. */
export function useTestConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<TestResult>("POST", `connections/${id}/test`),
    onSuccess: () => refreshConnections(client),
  });
}

async function fetchConnections<Shape>(signal: AbortSignal): Promise<Shape[]> {
  return (await call<{ connections: Shape[] }>("GET", "connections", { signal })).connections;
}

/** The models depend on the key and the host as well. */
function refreshConnections(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: queryKeys.connections });
}
