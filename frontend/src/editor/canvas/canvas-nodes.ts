/** The graph as React Flow draws it. An item that did not change keeps its identity, so its card is not drawn anew. */
import type {
  ActionDescription,
  Graph,
  GraphEdge,
  GraphNode,
  GraphNote,
  Position,
  Problem,
} from "../../api/types";
import { type ActionIndex, actionOf } from "../../graph/action-index";
import { titleOf } from "../../graph/document";
import { pathsOf } from "../../graph/run-order";
import type { FlowEdge } from "./edges/ExecutionEdge";
import { sizeOf, type Size } from "./placement/geometry";
import type { CardNode } from "./card/NodeCard";
import type { NoteNode } from "./card/NoteCard";
import { handleId } from "./card/Ports";

export type CanvasNode = CardNode | NoteNode;

/** What a hand holds: places and sizes that are not in the graph yet. */
export type Held = ReadonlyMap<string, Partial<Position & Size>>;

interface View {
  graph: Graph;
  actions: ActionIndex;
  selection: ReadonlySet<string>;
  held: Held;
  problems: readonly Problem[];
}

interface Made<T> {
  made: T;
  with: readonly unknown[];
}

const cards = new WeakMap<GraphNode, Made<CardNode>>();
const notes = new WeakMap<GraphNote, Made<NoteNode>>();
const edges = new WeakMap<GraphEdge, Made<FlowEdge>>();

/** Make it anew only when one of `inputs` is another than the last time. */
function remember<K extends object, T>(
  made: WeakMap<K, Made<T>>,
  key: K,
  inputs: unknown[],
  make: () => T,
): T {
  const last = made.get(key);
  if (last && last.with.every((input, index) => Object.is(input, inputs[index]))) return last.made;
  const next = make();
  made.set(key, { made: next, with: inputs });
  return next;
}

/** Cards in run order, for that is the order of `Tab`; then the notes. */
export function canvasNodes(view: View): CanvasNode[] {
  const byId = new Map(view.graph.nodes.map((node) => [node.id, node]));
  const ordered = pathsOf(view.graph, view.actions).order.flatMap((id) => byId.get(id) ?? []);
  return [
    ...ordered.map((node) => card(node, actionOf(view.actions, node), view)),
    ...view.graph.notes.map((note) => noteOf(note, view)),
  ];
}

function card(node: GraphNode, action: ActionDescription, { selection, held, problems }: View): CardNode {
  const selected = selection.has(node.id);
  const at = held.get(node.id);
  const x = at?.x ?? node.position.x;
  const y = at?.y ?? node.position.y;
  const count = problems.filter((problem) => problem.node === node.id).length;
  const ariaLabel = spokenName(titleOf(node, action.title), count);
  return remember(cards, node, [action, selected, x, y, ariaLabel], () => {
    const size = sizeOf(action);
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

function spokenName(title: string, problems: number): string {
  if (problems === 0) return title;
  return `${title}, ${problems} ${problems === 1 ? "problem" : "problems"}`;
}

function noteOf(note: GraphNote, { selection, held }: View): NoteNode {
  const selected = selection.has(note.id);
  const { x, y, width, height } = {
    ...note.position,
    width: note.width,
    height: note.height,
    ...held.get(note.id),
  };
  return remember(notes, note, [selected, x, y, width, height], () => {
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

export function canvasEdges(graph: Graph, actions: ActionIndex, selection: ReadonlySet<string>): FlowEdge[] {
  const titles = new Map(graph.nodes.map((node) => [node.id, titleOf(node, actionOf(actions, node).title)]));
  return graph.edges
    .filter((edge) => titles.has(edge.source) && titles.has(edge.target))
    .map((edge) => {
      const ariaLabel = `From ${titles.get(edge.source) ?? ""} to ${titles.get(edge.target) ?? ""}`;
      return edgeOf(edge, selection.has(edge.id), ariaLabel);
    });
}

function edgeOf(edge: GraphEdge, selected: boolean, ariaLabel: string): FlowEdge {
  return remember(edges, edge, [selected, ariaLabel], () => ({
    id: edge.id,
    type: edge.kind,
    source: edge.source,
    sourceHandle: handleId({ kind: edge.kind, name: edge.source_port }),
    target: edge.target,
    targetHandle: handleId({ kind: edge.kind, name: edge.target_port }),
    data: { edge },
    selected,
    ariaLabel,
  }));
}
