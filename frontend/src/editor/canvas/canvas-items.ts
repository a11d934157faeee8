/**
 * Turns the graph into the items that React Flow draws. An item that did not change stays the same object, so React
 * draws no card again without need.
 */
import type {
  ActionDescription,
  Graph,
  GraphEdge,
  GraphNode,
  GraphNote,
  Position,
  Problem,
} from "../../api/types";
import { type ActionIndex, getAction } from "../../graph/action-index";
import { getTitle } from "../../graph/document";
import { getRunOrder } from "../../graph/run-order";
import type { FlowEdge } from "./edges/ExecutionEdge";
import { computeCardSize, type Size } from "./placement/geometry";
import type { CardNode } from "./card/NodeCard";
import type { NoteNode } from "./card/NoteCard";
import { getHandleId } from "./card/PortMark";

export type CanvasNode = CardNode | NoteNode;

/** Places and sizes of a drag that goes on: they are not in the graph yet. */
export type PendingMoves = ReadonlyMap<string, Partial<Position & Size>>;

interface CanvasState {
  graph: Graph;
  actions: ActionIndex;
  selection: ReadonlySet<string>;
  pendingMoves: PendingMoves;
  problems: readonly Problem[];
}

interface CacheEntry<T> {
  value: T;
  inputs: readonly unknown[];
}

const cachedCards = new WeakMap<GraphNode, CacheEntry<CardNode>>();
const cachedNotes = new WeakMap<GraphNote, CacheEntry<NoteNode>>();
const cachedEdges = new WeakMap<GraphEdge, CacheEntry<FlowEdge>>();

/** Returns the last value as long as the inputs are the same; otherwise creates a new one. */
function reuseOrCreate<K extends object, T>(
  made: WeakMap<K, CacheEntry<T>>,
  key: K,
  inputs: unknown[],
  make: () => T,
): T {
  const last = made.get(key);
  if (last && last.inputs.every((input, index) => Object.is(input, inputs[index]))) return last.value;
  const next = make();
  made.set(key, { value: next, inputs: inputs });
  return next;
}

/** The cards in run order, which is the order of `Tab`; then the notes. */
export function createCanvasNodes(view: CanvasState): CanvasNode[] {
  const byId = new Map(view.graph.nodes.map((node) => [node.id, node]));
  const ordered = getRunOrder(view.graph, view.actions).nodeIds.flatMap((id) => byId.get(id) ?? []);
  return [
    ...ordered.map((node) => createCardNode(node, getAction(view.actions, node), view)),
    ...view.graph.notes.map((note) => createNoteNode(note, view)),
  ];
}

function createCardNode(
  node: GraphNode,
  action: ActionDescription,
  { selection, pendingMoves, problems }: CanvasState,
): CardNode {
  const selected = selection.has(node.id);
  const at = pendingMoves.get(node.id);
  const x = at?.x ?? node.position.x;
  const y = at?.y ?? node.position.y;
  const count = problems.filter((problem) => problem.node === node.id).length;
  const ariaLabel = getSpokenName(getTitle(node, action.title), count);
  return reuseOrCreate(cachedCards, node, [action, selected, x, y, ariaLabel], () => {
    const size = computeCardSize(action);
    return {
      id: node.id,
      type: "card",
      data: { node, action },
      position: { x, y },
      selected,
      ...size,
      measured: size,
      ariaLabel,
      ariaRole: "group",
    };
  });
}

function getSpokenName(title: string, problems: number): string {
  if (problems === 0) return title;
  return `${title}, ${problems} ${problems === 1 ? "problem" : "problems"}`;
}

function createNoteNode(note: GraphNote, { selection, pendingMoves }: CanvasState): NoteNode {
  const selected = selection.has(note.id);
  const { x, y, width, height } = {
    ...note.position,
    width: note.width,
    height: note.height,
    ...pendingMoves.get(note.id),
  };
  return reuseOrCreate(cachedNotes, note, [selected, x, y, width, height], () => {
    const size = { width, height };
    const position = { x, y };
    return {
      id: note.id,
      type: "note",
      zIndex: -1,
      data: { note },
      position,
      selected,
      ...size,
      measured: size,
      ariaLabel: "Note",
    };
  });
}

export function createCanvasEdges(
  graph: Graph,
  actions: ActionIndex,
  selection: ReadonlySet<string>,
): FlowEdge[] {
  const titles = new Map(
    graph.nodes.map((node) => [node.id, getTitle(node, getAction(actions, node).title)]),
  );
  return graph.edges
    .filter((edge) => titles.has(edge.source) && titles.has(edge.target))
    .map((edge) => {
      const ariaLabel = `From ${titles.get(edge.source) ?? ""} to ${titles.get(edge.target) ?? ""}`;
      return createFlowEdge(edge, selection.has(edge.id), ariaLabel);
    });
}

function createFlowEdge(edge: GraphEdge, selected: boolean, ariaLabel: string): FlowEdge {
  return reuseOrCreate(cachedEdges, edge, [selected, ariaLabel], () => ({
    id: edge.id,
    type: edge.kind,
    source: edge.source,
    sourceHandle: getHandleId({ kind: edge.kind, name: edge.source_port }),
    target: edge.target,
    targetHandle: getHandleId({ kind: edge.kind, name: edge.target_port }),
    data: { edge },
    selected,
    ariaLabel,
  }));
}
