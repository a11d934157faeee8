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

/** Loads the kinds of connections, with the fields of each kind. */
export function useConnectionKinds() {
  return useQuery({
    queryKey: queryKeys.connectionKinds,
    queryFn: async ({ signal }) =>
      (await call<{ kinds: ConnectionKind[] }>("GET", "connection-kinds", { signal })).kinds,
    staleTime: Infinity,
  });
}

/** Loads the connections with all their fields, which only admins may see. */
export function useConnections() {
  return useQuery({
    queryKey: queryKeys.connections,
    queryFn: ({ signal }) => fetchConnections<Connection>(signal),
  });
}

/** Loads the connections that a flow can use, with the fields that an editor may see. */
export function useConnectionChoices() {
  return useQuery({
    queryKey: queryKeys.connections,
    queryFn: ({ signal }) => fetchConnections<ConnectionChoice>(signal),
  });
}

/** Loads the models that the vendor of a connection offers. Pass null while no connection is chosen. */
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

/** The body of the request. The server keeps a secret that is left out. */
export interface ConnectionBody {
  name: string;
  settings: Record<string, Json>;
  secrets: Record<string, string>;
  /** By environment: the id of the connection that stands in; null takes it away. */
  stand_ins?: Record<string, string | null>;
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

/** Deletes a connection. The server refuses with `connection_in_use` while a flow uses it; it names the flows. */
export function useDeleteConnection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `connections/${id}`),
    onSuccess: () => refreshConnections(client),
  });
}

/** Tests a connection: the server calls the vendor with the stored key. A failed test is an answer, not an error. */
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

/** Loads the connections and their models again: the models depend on the key and the host. */
function refreshConnections(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: queryKeys.connections });
}
