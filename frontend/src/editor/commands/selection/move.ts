import type { Position } from "../../../api/types";
import { shiftItems } from "../../../graph/commands/nodes";
import { edit, graphStore } from "../../../graph/store";
import { readDirection } from "../arrow-keys";
import type { EditorCommand, PressedKey } from "../command";
import { canEditSelection } from "../target";

const STEP_PX = 4;
const LARGE_STEP_PX = 16;
const DIRECTIONS = ["right", "left", "up", "down"];

/** Moves what is selected. Presses that follow each other quickly are one entry of undo. */
export const moveSelection: EditorCommand = {
  id: "move",
  title: `Move by ${STEP_PX}, with Shift by ${LARGE_STEP_PX}`,
  scope: "selection",
  keys: ["alt", "alt+shift"].flatMap((mod) => DIRECTIONS.map((direction) => `${mod}+arrow${direction}`)),
  icon: "grip",
  readsKey: true,
  enabled: canEditSelection,
  perform: (_, pressed) => {
    if (!pressed) return;
    const { selection } = graphStore.getState();
    edit("Move", (graph) => shiftItems(graph, selection, computeStep(pressed)), {
      key: `move ${[...selection].join(" ")}`,
    });
  },
};

function computeStep(pressed: PressedKey): Position {
  const far = pressed.shiftKey ? LARGE_STEP_PX : STEP_PX;
  const steps = { left: [-far, 0], right: [far, 0], up: [0, -far], down: [0, far] } as const;
  const [x, y] = steps[readDirection(pressed)];
  return { x, y };
}
