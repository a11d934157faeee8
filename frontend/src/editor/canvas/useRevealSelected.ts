import { useStore } from "@xyflow/react";
import { useEffect, useEffectEvent } from "react";
import { useGraph } from "../../graph/useGraph";
import { useShownRun } from "../../run/useShownRun";
import { useCanvasView } from "./useCanvasView";

/**
 * Brings what is selected into the free part of the canvas, whoever selected it, again when that part changes its size,
 * and the node at which a run failed.
 */
export function useRevealSelected(): void {
  const view = useCanvasView();
  const selected = useGraph(({ selection }) => (selection.size === 1 ? ([...selection][0] ?? null) : null));
  const failed = useShownRun(({ state }) => (state.status === "failed" ? (state.error?.node ?? null) : null));
  const width = useStore((canvas) => canvas.width);
  const height = useStore((canvas) => canvas.height);
  const reveal = useEffectEvent((id: string) => view.reveal(id));
  useEffect(
    () => (selected === null ? undefined : runWhenReleased(() => reveal(selected))),
    [selected, width, height],
  );
  useEffect(() => (failed === null ? undefined : runWhenReleased(() => reveal(failed))), [failed]);
}

let isPressed = false;
document.addEventListener("pointerdown", () => (isPressed = true), true);
for (const end of ["pointerup", "pointercancel", "dragend"])
  document.addEventListener(end, () => (isPressed = false), true);

/** Runs at the next frame; after a drag when one goes on, because the card must stay under the pointer. */
function runWhenReleased(act: () => void): () => void {
  let frame = 0;
  const tick = (): void => {
    if (isPressed) frame = requestAnimationFrame(tick);
    else act();
  };
  frame = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(frame);
}
