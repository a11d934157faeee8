/** The keys of the query cache. */
export const queryKeys = {
  me: ["me"],
  actions: ["actions"],
  flows: ["flows"],
  flow: (id: string) => ["flows", id],
  runs: (flow: string) => ["runs", { flow }],
  connectionKinds: ["connection-kinds"],
  connections: ["connections"],
  models: (connection: string) => ["connections", connection, "models"],
  collections: ["collections"],
  collection: (id: string) => ["collections", id],
  documents: (collection: string) => ["collections", collection, "documents"],
  apiKeys: ["api-keys"],
} as const;
