/** Flows, as a list row and as a whole. */

import type { Analysis } from "./analysis";
import type { Graph } from "./graph";
import type { RunStatus } from "./run";

export interface FlowRow {
  id: string;
  name: string;
  description: string;
  revision: number;
  node_count: number;
  created_at: string;
  updated_at: string;
  last_run: { id: string; status: RunStatus; started_at: string } | null;
  runs_24h: number;
  /** 24 entries, the oldest hour first. */
  hours: { runs: number; failed: number }[];
  /** Median of the last 24 hours. */
  first_item_ms: number | null;
}

export interface Flow {
  id: string;
  name: string;
  description: string;
  revision: number;
  created_at: string;
  updated_at: string;
  graph: Graph;
  analysis: Analysis;
}

export interface SavedGraph {
  revision: number;
  analysis: Analysis;
}
