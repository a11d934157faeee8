/** A graph that the server does not have yet, in the storage of this browser. */
import type { Graph } from "../api/types";

export interface FlowDraft {
  /** The revision that the edits are based on. */
  revision: number;
  graph: Graph;
}

const getStorageKey = (flow: string): string => `millrace.draft.${flow}`;

/** Keeps a draft. Returns false when it could not: the storage may be full or forbidden. */
export function keepDraft(flow: string, draft: FlowDraft): boolean {
  try {
    localStorage.setItem(getStorageKey(flow), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function readDraft(flow: string): FlowDraft | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(getStorageKey(flow)) ?? "null");
    return isFlowDraft(stored) ? stored : null;
  } catch {
    return null;
  }
}

export function dropDraft(flow: string): void {
  try {
    localStorage.removeItem(getStorageKey(flow));
  } catch {
    // The storage is forbidden, so it has no draft either.
  }
}

function isFlowDraft(value: unknown): value is FlowDraft {
  if (typeof value !== "object" || value === null) return false;
  const { revision, graph } = value as Partial<FlowDraft>;
  return typeof revision === "number" && typeof graph === "object" && Array.isArray(graph.nodes);
}
