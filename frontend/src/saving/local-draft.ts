/** A graph that the server does not have yet, kept in this browser. */
import type { Graph } from "../api/types";

export interface FlowDraft {
  /** The revision that the edits were made on. */
  revision: number;
  graph: Graph;
}

const getStorageKey = (flow: string): string => `millrace.draft.${flow}`;

/** Keep a draft; says whether it could be kept (storage may be full or forbidden). */
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
    const kept: unknown = JSON.parse(localStorage.getItem(getStorageKey(flow)) ?? "null");
    return isFlowDraft(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function dropDraft(flow: string): void {
  try {
    localStorage.removeItem(getStorageKey(flow));
  } catch {
    // Storage is forbidden, so nothing was kept either.
  }
}

function isFlowDraft(value: unknown): value is FlowDraft {
  if (typeof value !== "object" || value === null) return false;
  const { revision, graph } = value as Partial<FlowDraft>;
  return typeof revision === "number" && typeof graph === "object" && Array.isArray(graph.nodes);
}
