import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { isIndexing, refreshCollection, cacheDocument } from "../../../api/collections";
import type { CollectionDocument } from "../../../api/types";
import { addUploads, removeUpload, useUploads } from "./uploads";

/** The uploads to a collection. Loads the figures of the collection again when a document has been indexed. */
export function useCollectionUploads(collection: string, documents: CollectionDocument[] | undefined) {
  const client = useQueryClient();
  const all = useUploads((state) => state.uploads);
  const uploads = useMemo(() => all.filter((each) => each.collection === collection), [all, collection]);
  const indexing = documents?.filter(isIndexing).length ?? 0;
  const before = useRef(indexing);
  useEffect(() => {
    if (indexing < before.current) void refreshCollection(client, collection);
    before.current = indexing;
  }, [client, collection, indexing]);
  return {
    uploads,
    add: (files: File[]) =>
      addUploads(collection, files, (id, document) => cacheDocument(client, id, document)),
    remove: removeUpload,
  };
}
