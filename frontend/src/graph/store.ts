/** The one store of the graph: what is drawn, what is selected, what undo takes back, and whether it is saved. */
import { createStore } from "zustand/vanilla";
import type { Analysis, Flow, Graph, SavedGraph } from "../api/types";
import { emptyGraph } from "./document";
import { emptyHistory, recordEdit, redo, undo, type History } from "./history";

/** Whether the server has the graph that is drawn. */
export type SaveStatus =
  | { kind: "saved" }
  | { kind: "saving" }
  /** The server did not take it; `kept` says whether this browser holds it. */
  | { kind: "unsaved"; reason: string; kept: boolean }
  /** Someone else saved first; `revision` is theirs. */
  | { kind: "conflict"; revision: number };

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

/** Show a flow as the server has it. Nothing can be undone past this point. */
export function openFlow(flow: Flow, readOnly: boolean): void {
  const { id, graph, revision, analysis } = flow;
  graphStore.setState({ ...closedState, flow: id, graph, revision, analysis, readOnly });
}

export function closeFlow(): void {
  graphStore.setState(closedState);
}

interface EditOptions {
  /** Merges edits that follow each other: `property node name`. */
  key?: string;
  /** What is selected after the edit; otherwise the selection stays, without what is gone. */
  select?: (before: Graph, after: Graph) => string[];
}

/** Apply a command. An edit that changes nothing leaves no entry. */
export function edit(label: string, command: (graph: Graph) => Graph, options: EditOptions = {}): void {
  const { graph, history, selection, readOnly } = graphStore.getState();
  if (readOnly) return;
  const after = command(graph);
  if (after === graph) return;
  const act = { label, key: options.key, at: Date.now() };
  const chosen = options.select ? new Set(options.select(graph, after)) : keepExisting(selection, after);
  graphStore.setState({ graph: after, history: recordEdit(history, graph, act), selection: chosen });
}

export function undoEdit(): void {
  moveInHistory(undo);
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

/** The nodes and notes that an edit added: what to select after a paste. */
export function getAddedIds(before: Graph, after: Graph): string[] {
  const known = listIds(before);
  return [...after.nodes, ...after.notes].map((item) => item.id).filter((id) => !known.has(id));
}

/** What became of a save. */
export function reportSave(save: SaveStatus, saved?: SavedGraph): void {
  graphStore.setState(saved ? { save, ...saved } : { save });
}
