import type { Graph, GraphNote, Position } from "../../api/types";
import { newNoteId } from "../ids";

export const NOTE_SIZE = { width: 200, height: 96 };

export function addNote(graph: Graph, position: Position): Graph {
  return { ...graph, notes: [...graph.notes, { id: newNoteId(graph), text: "", ...NOTE_SIZE, position }] };
}

export function changeNote(graph: Graph, id: string, change: Partial<Omit<GraphNote, "id">>): Graph {
  return { ...graph, notes: graph.notes.map((note) => (note.id === id ? { ...note, ...change } : note)) };
}
