import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Collection, CollectionDocument, SearchAnswer } from "./types";

/** How often an answer is asked again while a document is indexed. */
const INDEXING_POLL_MS = 1_000;
const IDLE_POLL_MS = 10_000;

/** The collections of the workspace. Asked again every 10 s, for documents are indexed meanwhile. */
export function useCollections() {
  return useQuery({
    queryKey: queryKeys.collections,
    queryFn: async ({ signal }) =>
      (await call<{ collections: Collection[] }>("GET", "collections", { signal })).collections,
    refetchInterval: IDLE_POLL_MS,
  });
}

export function useCollection(id: string) {
  return useQuery({
    queryKey: queryKeys.collection(id),
    queryFn: ({ signal }) => call<Collection>("GET", `collections/${id}`, { signal }),
  });
}

/** The documents of a collection, asked again every second while one of them is indexed. */
export function useDocuments(collection: string) {
  return useQuery({
    queryKey: queryKeys.documents(collection),
    queryFn: async ({ signal }) =>
      (
        await call<{ documents: CollectionDocument[] }>("GET", `collections/${collection}/documents`, {
          signal,
        })
      ).documents,
    refetchInterval: ({ state }) => (state.data?.some(isIndexing) ? INDEXING_POLL_MS : IDLE_POLL_MS),
  });
}

export function isIndexing({ status }: CollectionDocument): boolean {
  return status === "indexing";
}

export interface NewCollection {
  name: string;
  description: string;
  /** Left out for the built-in one. */
  embedder?: { kind: string; connection: string; model: string };
}

export function useCreateCollection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCollection) => call<Collection>("POST", "collections", { body }),
    onSuccess: (collection) => cacheCollection(client, collection),
  });
}

/** The name is refused with the flows, while a flow finds the collection by it. */
export interface CollectionChange {
  id: string;
  name: string;
  description: string;
}

export function useUpdateCollection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: CollectionChange) =>
      call<Collection>("PATCH", `collections/${id}`, { body }),
    onSuccess: (collection) => cacheCollection(client, collection),
  });
}

/** Refused with `collection_in_use` and the flows, while a flow uses it. Its documents go with it. */
export function useDeleteCollection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `collections/${id}`),
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: queryKeys.collection(id) });
      return client.invalidateQueries({ queryKey: queryKeys.collections, exact: true });
    },
  });
}

export function useDeleteDocument(collection: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (document: string) =>
      call<undefined>("DELETE", `collections/${collection}/documents/${document}`),
    onSuccess: () => refreshCollection(client, collection),
  });
}

export interface SearchQuery {
  text: string;
  top: number;
  filter: string;
}

/** What a flow's search would find. */
export function useTrySearch(collection: string) {
  return useMutation({
    mutationFn: (body: SearchQuery) =>
      call<SearchAnswer>("POST", `collections/${collection}/search`, { body }),
  });
}

/** A document that the server has just taken stands in the list at once, in the place of its upload. */
export function cacheDocument(client: QueryClient, collection: string, document: CollectionDocument): void {
  client.setQueryData<CollectionDocument[]>(queryKeys.documents(collection), (before) =>
    before ? [document, ...before.filter(({ id }) => id !== document.id)] : before,
  );
  void refreshCollection(client, collection);
}

/** The documents and the figures of a collection have changed. */
export async function refreshCollection(client: QueryClient, id: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: queryKeys.collection(id) }),
    client.invalidateQueries({ queryKey: queryKeys.collections, exact: true }),
  ]);
}

function cacheCollection(client: QueryClient, collection: Collection): Promise<void> {
  client.setQueryData(queryKeys.collection(collection.id), collection);
  return client.invalidateQueries({ queryKey: queryKeys.collections, exact: true });
}
