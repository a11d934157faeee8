/** The store of the graph: the drawn graph, the selection, undo, and whether it is saved. Made without React. */
import { createStore } from "zustand/vanilla";
import type { Analysis, Flow, Graph, SavedGraph } from "../api/types";
import { emptyGraph } from "./document";
import { emptyHistory, recordEdit, recordLocal, redo, undo, type History } from "./history";

/** Whether the server has the graph that is drawn. */
export type SaveStatus =
  | { kind: "saved" }
  | { kind: "saving" }
  /** The server did not save it; `isKept` says whether this browser has a copy. */
  | { kind: "unsaved"; reason: string; isKept: boolean }
  /** Someone else, or another tab, saved first; `revision` is the revision of that graph. */
  | { kind: "conflict"; revision: number; isKept: boolean };

export interface GraphState {
  flow: string | null;
  graph: Graph;
  history: History;
  /** Ids of nodes, edges and notes. */
  selection: ReadonlySet<string>;
  revision: number;
  analysis: Analysis;
  save: SaveStatus;
  readOnly: boolean;
}

const emptyAnalysis: Analysis = {
  runnable: false,
  problems: [],
  scope: {},
  streaming: { streams: false, text: "", node: null },
  simulators: [],
};

const closedState: GraphState = {
  flow: null,
  graph: emptyGraph,
  history: emptyHistory,
  selection: new Set(),
  revision: 0,
  analysis: emptyAnalysis,
  save: { kind: "saved" },
  readOnly: true,
};

export const graphStore = createStore<GraphState>()(() => closedState);

/** Shows a flow as the server has it. Undo cannot go back before this. */
export function openFlow(flow: Flow, readOnly: boolean): void {
  const { id, graph, revision, analysis } = flow;
  graphStore.setState({ ...closedState, flow: id, graph, revision, analysis, readOnly });
}

export function closeFlow(): void {
  graphStore.setState(closedState);
}

interface EditOptions {
  /** Merges edits that follow each other, such as `property node name`. */
  key?: string;
  /** The selection after the edit. Without it the selection stays, except for removed items. */
  select?: (before: Graph, after: Graph) => string[];
}

/** Applies a change to the graph. A change that alters nothing is not recorded. */
export function edit(label: string, command: (graph: Graph) => Graph, options: EditOptions = {}): void {
  const { graph, history, selection, readOnly } = graphStore.getState();
  if (readOnly) return;
  const after = command(graph);
  if (after === graph) return;
  const act = { label, key: options.key, at: Date.now() };
  const chosen = options.select ? new Set(options.select(graph, after)) : keepExisting(selection, after);
  graphStore.setState({ graph: after, history: recordEdit(history, graph, act), selection: chosen });
}

/** Shows the graph that the server has in place of the drawn one, as an edit that undo takes back. */
export function showStored({ graph, revision, analysis }: Flow): void {
  edit("Load theirs", () => graph);
  graphStore.setState({ revision, analysis });
}

/**
 * Records an edit that is not in the graph: undo calls `takeBack`.
 * @returns a function that removes the record, for when the edit became a value or is gone
 */
export function recordLocalEdit(label: string, takeBack: () => void): () => void {
  const { graph, history } = graphStore.getState();
  const entry = { graph, label, takeBack };
  graphStore.setState({ history: recordLocal(history, entry) });
  return () => {
    const { past, ...rest } = graphStore.getState().history;
    graphStore.setState({ history: { ...rest, past: past.filter((each) => each !== entry) } });
  };
}

export function undoEdit(): void {
  const last = graphStore.getState().history.past.at(-1);
  moveInHistory(undo);
  last?.takeBack?.();
}

export function redoEdit(): void {
  moveInHistory(redo);
}

function moveInHistory(move: typeof undo): void {
  const { history, graph, selection, readOnly } = graphStore.getState();
  const next = readOnly ? null : move(history, graph);
  if (next) graphStore.setState({ ...next, selection: keepExisting(selection, next.graph) });
}

export function select(ids: Iterable<string>): void {
  graphStore.setState({ selection: new Set(ids) });
}

function listIds(graph: Graph): Set<string> {
  return new Set([...graph.nodes, ...graph.edges, ...graph.notes].map((item) => item.id));
}

function keepExisting(selection: ReadonlySet<string>, graph: Graph): ReadonlySet<string> {
  const ids = listIds(graph);
  return [...selection].every((id) => ids.has(id))
    ? selection
    : new Set([...selection].filter((id) => ids.has(id)));
}

/** The ids of nodes and notes that an edit added, for the selection after a paste. */
export function getAddedIds(before: Graph, after: Graph): string[] {
  const known = listIds(before);
  return [...after.nodes, ...after.notes].map((item) => item.id).filter((id) => !known.has(id));
}

/** Records the outcome of a save. */
export function reportSave(save: SaveStatus, saved?: SavedGraph): void {
  graphStore.setState(saved ? { save, ...saved } : { save });
}
