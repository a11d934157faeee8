/** A graph that the server does not have yet, kept in this browser. */
import type { Graph } from "../api/types";

export interface Draft {
  /** The revision that the edits were made on. */
  revision: number;
  graph: Graph;
}

const keyOf = (flow: string): string => `millrace.draft.${flow}`;

/** Keep a draft; says whether it could be kept (storage may be full or forbidden). */
export function keepDraft(flow: string, draft: Draft): boolean {
  try {
    localStorage.setItem(keyOf(flow), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function readDraft(flow: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(flow)) ?? "null");
    return isDraft(kept) ? kept : null;
  } catch {
    return null;
  }
}

export function dropDraft(flow: string): void {
  try {
    localStorage.removeItem(keyOf(flow));
  } catch {
    // Storage is forbidden, so nothing was kept either.
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const { revision, graph } = value as Partial<Draft>;
  return typeof revision === "number" && typeof graph === "object" && Array.isArray(graph.nodes);
}
