/** The store of the graph: the drawn graph, the selection, undo, and whether it is saved. Made without React. */
import { createStore } from "zustand/vanilla";
import type { Analysis, ChangeKind, Flow, Graph, SavedGraph } from "../api/types";
import { emptyGraph } from "./document";
import { emptyHistory, recordEdit, recordLocal, redo, undo, type History } from "./history";
import { getFieldKey, judgeProblems, noVisits, type Visits } from "./judged-problems";

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
  /** Where the person has been: it decides which problems are only to do yet. */
  visits: Visits;
  save: SaveStatus;
  readOnly: boolean;
  /** The version that is drawn in place of the draft; null while the draft is drawn. */
  viewed: ViewedVersion | null;
}

type Draft = Pick<
  GraphState,
  "graph" | "history" | "selection" | "revision" | "analysis" | "visits" | "readOnly"
>;

export interface DrawnVersion {
  number: number;
  graph: Graph;
  /** The older version of a comparison; null when one version is drawn alone. */
  comparedWith: number | null;
  /** Of a comparison: what became of a node, an edge or a note, by its id. The graph has the removed ones too. */
  marks: ReadonlyMap<string, ChangeKind>;
}

export interface ViewedVersion extends Omit<DrawnVersion, "graph"> {
  /** What is shown again afterwards, and saved meanwhile. */
  draft: Draft;
}

const emptyAnalysis: Analysis = {
  runnable: false,
  problems: [],
  variables: [],
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
  visits: noVisits,
  save: { kind: "saved" },
  readOnly: true,
  viewed: null,
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

/** What the person edits, also while a version is drawn in its place. */
export function getDraft(state: GraphState): Draft {
  return state.viewed?.draft ?? state;
}

/** Draws a version in place of the draft. Nothing can be edited until `drawDraft`. */
export function drawVersion({ graph, ...viewed }: DrawnVersion): void {
  const state = graphStore.getState();
  const { graph: drawn, history, selection, revision, analysis, visits, readOnly } = getDraft(state);
  const draft = { graph: drawn, history, selection, revision, analysis, visits, readOnly };
  const { flow, save } = state;
  const { number } = viewed;
  graphStore.setState({ ...closedState, flow, save, graph, revision: number, viewed: { ...viewed, draft } });
}

/** Draws the draft again. */
export function drawDraft(): void {
  const { viewed } = graphStore.getState();
  if (viewed) graphStore.setState({ ...viewed.draft, viewed: null });
}

interface EditOptions {
  /** Merges edits that follow each other, such as `property node name`. */
  key?: string;
  /** The selection after the edit. Without it the selection stays, except for removed items. */
  select?: (before: Graph, after: Graph) => string[];
}

/** Applies a change to the graph. A change that alters nothing is not recorded. */
export function edit(label: string, command: (graph: Graph) => Graph, options: EditOptions = {}): void {
  const { graph, history, selection, visits, readOnly } = graphStore.getState();
  if (readOnly) return;
  const after = command(graph);
  if (after === graph) return;
  const act = { label, key: options.key, at: Date.now() };
  const chosen = options.select ? new Set(options.select(graph, after)) : keepExisting(selection, after);
  graphStore.setState({
    graph: after,
    history: recordEdit(history, graph, act),
    selection: chosen,
    visits: addNewNodes(visits, graph, after),
  });
}

function addNewNodes(visits: Visits, before: Graph, after: Graph): Visits {
  const added = after.nodes === before.nodes ? [] : getAddedIds(before, after);
  return added.length === 0 ? visits : { ...visits, newNodes: new Set([...visits.newNodes, ...added]) };
}

/** The person goes into the field of a property. Errors that come up there wait until it is left. */
export function enterField(node: string, property: string): void {
  const { analysis, graph, visits } = graphStore.getState();
  const { faults } = judgeProblems(analysis.problems, graph, visits);
  const own = faults.filter((problem) => problem.node === node && problem.property === property);
  const openField = { key: getFieldKey(node, property), told: new Set(own.map(({ code }) => code)) };
  graphStore.setState({ visits: { ...visits, openField } });
}

/** The person leaves the field of a property: from now on its errors are told. */
export function leaveField(node: string, property: string): void {
  const { visits } = graphStore.getState();
  const key = getFieldKey(node, property);
  const openField = visits.openField?.key === key ? null : visits.openField;
  const leftFields = new Set([...visits.leftFields, key]);
  graphStore.setState({ visits: { ...visits, leftFields, openField, lastField: { node, property } } });
}

/** A run is tried: from now on it is told what the new nodes lack. */
export function endNewNodes(): void {
  const { visits } = graphStore.getState();
  graphStore.setState({ visits: { ...visits, newNodes: noVisits.newNodes, openField: null } });
}

/** Shows the graph that the server has in place of the drawn one, as an edit that undo takes back. */
export function showStored({ graph, revision, analysis }: Flow, label: string): void {
  drawDraft();
  const { visits } = graphStore.getState();
  edit(label, () => graph);
  graphStore.setState({ revision, analysis, visits });
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
  const { viewed } = graphStore.getState();
  if (!saved) graphStore.setState({ save });
  else if (!viewed) graphStore.setState({ save, ...saved });
  else graphStore.setState({ save, viewed: { ...viewed, draft: { ...viewed.draft, ...saved } } });
}
