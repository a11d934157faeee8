import type { Graph, GraphEdge, GraphNode, GraphNote, Position } from "../../api/types";
import { createEdgeId, createNodeId, createNoteId } from "../ids";

/** Copied nodes and notes, with the edges between them. */
export type GraphFragment = Pick<Graph, "nodes" | "edges" | "notes">;

export function copyItems(graph: Graph, ids: ReadonlySet<string>): GraphFragment {
  return {
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    notes: graph.notes.filter((note) => ids.has(note.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
  };
}

/** Adds a copy of the fragment with new ids, at a distance. */
export function pasteItems(graph: Graph, fragment: GraphFragment, by: Position): Graph {
  const names = new Map<string, string>();
  const nodes = fragment.nodes.reduce((into, node) => pasteNode(into, node, by, names), graph);
  const edges = fragment.edges.reduce((into, edge) => pasteEdge(into, edge, names), nodes);
  return fragment.notes.reduce((into, note) => pasteNote(into, note, by), edges);
}

function movePosition(position: Position, by: Position): Position {
  return { x: position.x + by.x, y: position.y + by.y };
}

function pasteNode(graph: Graph, node: GraphNode, by: Position, names: Map<string, string>): Graph {
  const id = createNodeId(graph, node.action);
  names.set(node.id, id);
  return { ...graph, nodes: [...graph.nodes, { ...node, id, position: movePosition(node.position, by) }] };
}

function pasteEdge(graph: Graph, edge: GraphEdge, names: ReadonlyMap<string, string>): Graph {
  const source = names.get(edge.source);
  const target = names.get(edge.target);
  if (source === undefined || target === undefined) return graph;
  return { ...graph, edges: [...graph.edges, { ...edge, id: createEdgeId(graph), source, target }] };
}

function pasteNote(graph: Graph, note: GraphNote, by: Position): Graph {
  const copy = { ...note, id: createNoteId(graph), position: movePosition(note.position, by) };
  return { ...graph, notes: [...graph.notes, copy] };
}
