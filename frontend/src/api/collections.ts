import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Collection, CollectionDocument, SearchAnswer } from "./types";

/** How often the page loads the documents again while one of them is indexed, and while none is. */
const INDEXING_POLL_MS = 1_000;
const IDLE_POLL_MS = 10_000;

/** How many documents the server lists at most, the newest. */
export const MAX_LISTED_DOCUMENTS = 1_000;

/** Loads the collections of the workspace, again every 10 s, because documents are indexed meanwhile. */
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

/** Loads the documents of a collection: again every second while one of them is indexed, else every 10 s. */
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
  /** Absent: the built-in embedder. */
  embedder?: { kind: string; connection: string; model: string };
}

export function useCreateCollection() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCollection) => call<Collection>("POST", "collections", { body }),
    onSuccess: (collection) => cacheCollection(client, collection),
  });
}

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

/** Deletes a collection with its documents. The server refuses with `collection_in_use` while a flow uses it. */
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

/** Searches as a flow would. */
export function useTrySearch(collection: string) {
  return useMutation({
    mutationFn: (body: SearchQuery) =>
      call<SearchAnswer>("POST", `collections/${collection}/search`, { body }),
  });
}

/** Puts a document that the server has accepted into the list at once, where its upload was. */
export function cacheDocument(client: QueryClient, collection: string, document: CollectionDocument): void {
  client.setQueryData<CollectionDocument[]>(queryKeys.documents(collection), (before) =>
    before ? [document, ...before.filter(({ id }) => id !== document.id)] : before,
  );
  void refreshCollection(client, collection);
}

/** Loads the documents and the figures of a collection again. */
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
