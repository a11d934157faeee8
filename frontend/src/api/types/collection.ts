/** Collections of documents, and what a search in one finds. */

import type { Json, Named } from "./common";

export interface Embedder {
  kind: string;
  model: string | null;
  dimension: number;
  /** Absent for the built-in one. */
  connection: Named | string | null;
  title: string;
}

export interface Collection {
  id: string;
  name: string;
  description: string;
  embedder: Embedder;
  documents: number;
  chunks: number;
  created_at: string;
  updated_at: string;
}

export interface CollectionDocument {
  id: string;
  name: string;
  size: number;
  media_type: string;
  status: "indexing" | "ready" | "failed";
  error: { code: string; message: string; hint?: string | null } | null;
  /** Chunks that are embedded, of all. */
  done: number;
  total: number;
  chunks: number;
  created_at: string;
}

export interface SearchMatch {
  text: string;
  score: number;
  document: Named | string | null;
  metadata: { [name: string]: Json };
}

export interface SearchAnswer {
  results: SearchMatch[];
  took_ms: number;
}
