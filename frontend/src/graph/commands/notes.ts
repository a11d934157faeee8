import type { Graph, GraphNote, Position } from "../../api/types";
import { createNoteId } from "../ids";

export const NOTE_SIZE_PX = { width: 200, height: 96 };

export function addNote(graph: Graph, position: Position): Graph {
  return {
    ...graph,
    notes: [...graph.notes, { id: createNoteId(graph), text: "", ...NOTE_SIZE_PX, position }],
  };
}

export function changeNote(graph: Graph, id: string, change: Partial<Omit<GraphNote, "id">>): Graph {
  return { ...graph, notes: graph.notes.map((note) => (note.id === id ? { ...note, ...change } : note)) };
}
