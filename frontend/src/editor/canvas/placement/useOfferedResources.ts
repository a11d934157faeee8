import { useEffect } from "react";
import { createStore } from "zustand/vanilla";
import { useCollections } from "../../../api/collections";
import { useConnectionChoices } from "../../../api/connections";
import type { OfferedResources } from "../../../graph/suggestions";

const offeredStore = createStore<OfferedResources>()(() => ({ connections: [], collections: [] }));

/** The connections and collections of the workspace, as far as they are loaded. */
export const getOfferedResources = offeredStore.getState;

/**
 * Loads what a new card can be bound to. Returns whether it is there: a card that is added before would not be bound,
 * and its builder would not know why. What cannot be loaded is not waited for.
 */
export function useOfferedResources(): boolean {
  const connections = useConnectionChoices();
  const collections = useCollections();
  useEffect(() => {
    offeredStore.setState({ connections: connections.data ?? [], collections: collections.data ?? [] });
  }, [connections.data, collections.data]);
  return [connections, collections].every(({ isFetched, failureCount }) => isFetched || failureCount > 0);
}
