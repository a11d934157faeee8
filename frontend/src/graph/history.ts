/** Undo and redo with whole graphs, which share everything that an edit did not change. */
import type { Graph } from "../api/types";

const MAX_UNDO_STEPS = 200;
/** Edits with the same key within this pause are one entry, such as the typing of one value. */
const MERGE_PAUSE_MS = 1200;

export interface HistoryEntry {
  graph: Graph;
  /** The name of the edit in a menu: "Move", "Add If". */
  label: string;
  /** Takes back an edit that is not in the graph, such as an empty row of a list. It cannot be redone. */
  takeBack?: () => void;
}

export interface History {
  past: HistoryEntry[];
  future: HistoryEntry[];
  last: { key: string; at: number } | null;
}

export const emptyHistory: History = { past: [], future: [], last: null };

export interface EditRecord {
  label: string;
  /** Merges this edit with the one before it when both have the same key. */
  key?: string;
  at: number;
}

/** Records the graph before an edit, unless the edit continues the last one. */
export function recordEdit(history: History, before: Graph, { label, key, at }: EditRecord): History {
  const goesOn = key !== undefined && history.last?.key === key && at - history.last.at < MERGE_PAUSE_MS;
  return {
    past: goesOn ? history.past : [...history.past, { graph: before, label }].slice(-MAX_UNDO_STEPS),
    future: [],
    last: key === undefined ? null : { key, at },
  };
}

/** Records an edit that is not in the graph. */
export function recordLocal(history: History, entry: HistoryEntry): History {
  return { past: [...history.past, entry].slice(-MAX_UNDO_STEPS), future: [], last: null };
}

interface HistoryStep {
  history: History;
  graph: Graph;
}

export function undo({ past, future }: History, graph: Graph): HistoryStep | null {
  const entry = past.at(-1);
  if (!entry) return null;
  const next = entry.takeBack ? future : [...future, { graph, label: entry.label }];
  const history = { past: past.slice(0, -1), future: next, last: null };
  return { history, graph: entry.graph };
}

export function redo({ past, future }: History, graph: Graph): HistoryStep | null {
  const entry = future.at(-1);
  if (!entry) return null;
  const history = { past: [...past, { graph, label: entry.label }], future: future.slice(0, -1), last: null };
  return { history, graph: entry.graph };
}
