/** What the canvas shows for a moment: it is never saved and never undone. */
import { create } from "zustand";
import type { Position } from "../../api/types";
import type { Port } from "../../graph/rules";

/** Where the chosen action goes. */
export type PickTarget =
  | { kind: "ground"; position: Position }
  | { kind: "port"; port: Port; position: Position | null }
  | { kind: "edge"; edge: string };

export interface Picker {
  /** The point in the window. */
  at: Position;
  target: PickTarget;
}

/** The two ports that a person chooses with the keyboard: `C`, arrows, `Enter`. */
export interface KeyConnect {
  from: Port;
  /** The ports that fit, the nearest first. */
  candidates: readonly Port[];
  chosen: number;
}

interface CanvasUi {
  picker: Picker | null;
  keyConnect: KeyConnect | null;
  /** The point in the window where the menu of the selected cards is open. */
  cardMenu: Position | null;
  /** The node whose title the person edits. */
  renamedNode: string | null;
  /** The type of the action that is dragged from the palette. A browser shows the data of a drag only at the drop. */
  draggedAction: string | null;
  /** The edge into which a drop would insert the action. */
  dropEdge: string | null;
  /** The output that the row under the pointer reads. */
  litOutput: { node: string; variable: string } | null;
}

const initialCanvasUi: CanvasUi = {
  picker: null,
  keyConnect: null,
  cardMenu: null,
  renamedNode: null,
  draggedAction: null,
  dropEdge: null,
  litOutput: null,
};

export const useCanvasUi = create<CanvasUi>()(() => initialCanvasUi);

export function changeCanvasUi(change: Partial<CanvasUi>): void {
  useCanvasUi.setState(change);
}

export function resetCanvasUi(): void {
  useCanvasUi.setState(initialCanvasUi);
}
