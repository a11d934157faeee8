/**
 * The graphs that the server does not have yet, in the storage of this browser. Each open page keeps its own draft of a
 * flow, so that no tab writes over the draft of another.
 */
import type { Graph } from "../api/types";

export interface FlowDraft {
  /** The revision that the edits are based on. */
  revision: number;
  graph: Graph;
  /** A graph that was sent on this revision and not answered: the server may have stored it. */
  unanswered: Graph | null;
}

/** A draft with the page that kept it. */
export interface KeptDraft {
  page: string;
  draft: FlowDraft;
}

const getPrefix = (flow: string): string => `millrace.draft.${flow}.`;

/** Keeps a draft. Returns false when it could not: the storage may be full or forbidden. */
export function keepDraft(flow: string, { page, draft }: KeptDraft): boolean {
  try {
    localStorage.setItem(getPrefix(flow) + page, JSON.stringify({ ...draft, keptAt: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

/** The draft of the flow that was kept last, by any page. */
export function readDraft(flow: string): KeptDraft | null {
  try {
    const prefix = getPrefix(flow);
    const pages = Object.keys(localStorage).flatMap((key) =>
      key.startsWith(prefix) ? [key.slice(prefix.length)] : [],
    );
    const drafts = pages.flatMap((page) => readStoredDraft(prefix, page));
    return drafts.toSorted((a, b) => b.draft.keptAt - a.draft.keptAt)[0] ?? null;
  } catch {
    return null;
  }
}

export function dropDraft(flow: string, page: string): void {
  try {
    localStorage.removeItem(getPrefix(flow) + page);
  } catch {
    // The storage is forbidden, so it has no draft either.
  }
}

type StoredDraft = FlowDraft & { keptAt: number };

function readStoredDraft(prefix: string, page: string): { page: string; draft: StoredDraft }[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(prefix + page) ?? "null");
    return isStoredDraft(stored) ? [{ page, draft: stored }] : [];
  } catch {
    return [];
  }
}

function isStoredDraft(value: unknown): value is StoredDraft {
  if (typeof value !== "object" || value === null) return false;
  const { revision, keptAt, graph, unanswered } = value as Partial<StoredDraft>;
  const isNumbered = typeof revision === "number" && typeof keptAt === "number";
  return isNumbered && isGraph(graph) && (unanswered === null || isGraph(unanswered));
}

function isGraph(graph: Partial<Graph> | undefined): boolean {
  return [graph?.nodes, graph?.edges, graph?.notes].every(Array.isArray);
}
