/** What the canvas shows for a moment only: never saved, never undone. */
import { create } from "zustand";
import type { Position } from "../../api/types";
import type { Port } from "../../graph/rules";

/** Where an action that is picked goes. */
export type PickTarget =
  | { kind: "ground"; position: Position }
  | { kind: "port"; port: Port; position: Position | null }
  | { kind: "edge"; edge: string };

export interface Picker {
  /** Place on the screen. */
  at: Position;
  target: PickTarget;
}

/** Joining two ports without a pointer: `C`, arrows, `Enter`. */
export interface KeyConnect {
  from: Port;
  /** Candidates from near to far, and the chosen one. */
  candidates: readonly Port[];
  chosen: number;
}

interface CanvasUi {
  picker: Picker | null;
  keyConnect: KeyConnect | null;
  /** The point in the window where the menu of the selected cards is open. */
  cardMenu: Position | null;
  /** The node whose title is typed. */
  renamedNode: string | null;
  /** The type of the action that is dragged from the palette: a drag shows its data at the drop only. */
  draggedAction: string | null;
  /** The edge onto which a drop would insert. */
  dropEdge: string | null;
  /** The output that feeds the row under the pointer. */
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
