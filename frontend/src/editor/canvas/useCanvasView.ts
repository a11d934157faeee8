/** Controls which part of the flow is visible. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import type { Position } from "../../api/types";
import { useActions } from "../../graph/useActions";
import { graphStore } from "../../graph/store";
import { tidyUp } from "./edits";
import { addNoteAt } from "./placement/add-action";
import type { Box } from "./placement/geometry";
import { listBoxes, getBox } from "./placement/place";

export const MIN_ZOOM = 0.2;
export const MAX_ZOOM = 2;
/** The smallest zoom of Fit to view, so that texts stay readable. */
const MIN_FIT_ZOOM = 0.8;
/** The room for the bars above the canvas. */
const MARGIN_PX = { left: 16, right: 16, top: 56, bottom: 56 };

interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

/** The viewport that shows the whole flow where it stays readable; otherwise the beginning of the flow. */
export function fitBoxes(boxes: readonly Box[], width: number, height: number): Viewport | null {
  if (boxes.length === 0 || width === 0 || height === 0) return null;
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  const wide = Math.max(...boxes.map((box) => box.x + box.width)) - left;
  const high = Math.max(...boxes.map((box) => box.y + box.height)) - top;
  const room = { x: width - MARGIN_PX.left - MARGIN_PX.right, y: height - MARGIN_PX.top - MARGIN_PX.bottom };
  const zoom = Math.min(1, Math.max(MIN_FIT_ZOOM, Math.min(room.x / wide, room.y / high)));
  const spare = Math.max(0, room.x - wide * zoom) / 2;
  return { x: MARGIN_PX.left + spare - left * zoom, y: MARGIN_PX.top - top * zoom, zoom };
}

/** How far the canvas must move to show the box, or the beginning of a box that is too large. */
export function computePan(box: Box, { x, y, zoom }: Viewport, width: number, height: number): Position {
  const way = (from: number, to: number, least: number, most: number): number =>
    from < least || to - from > most - least ? least - from : Math.min(0, most - to);
  const left = box.x * zoom + x;
  const top = box.y * zoom + y;
  return {
    x: way(left, left + box.width * zoom, MARGIN_PX.left, width - MARGIN_PX.right),
    y: way(top, top + box.height * zoom, MARGIN_PX.top, height - MARGIN_PX.bottom),
  };
}

export type CanvasView = ReturnType<typeof useCanvasView>;

export function useCanvasView() {
  const flow = useReactFlow();
  const store = useStoreApi();
  const actions = useActions();
  const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
  const fit = (duration = motion): void => {
    const { width, height } = store.getState();
    const viewport = fitBoxes(listBoxes(graphStore.getState().graph, actions), width, height);
    if (viewport) void flow.setViewport(viewport, { duration });
  };
  return {
    fit,
    zoomIn: () => void flow.zoomIn({ duration: motion }),
    zoomOut: () => void flow.zoomOut({ duration: motion }),
    zoomToFull: () => void flow.zoomTo(1, { duration: motion }),
    tidyUp: () => {
      const { width } = store.getState();
      const room = (width - MARGIN_PX.left - MARGIN_PX.right) / MIN_FIT_ZOOM;
      void tidyUp(actions, room).then(() => fit());
    },
    /** Pans to the selected node when it is out of view. */
    reveal: () => {
      const { graph, selection } = graphStore.getState();
      const node = graph.nodes.find(({ id }) => selection.has(id));
      if (!node) return;
      const { width, height } = store.getState();
      const viewport = flow.getViewport();
      const { x, y } = computePan(getBox(actions, node), viewport, width, height);
      const next = { ...viewport, x: viewport.x + x, y: viewport.y + y };
      if (x !== 0 || y !== 0) void flow.setViewport(next, { duration: motion });
    },
    /** Adds a note in the middle of the visible part. */
    addNote: () => {
      const { width, height, transform } = store.getState();
      const [x, y, zoom] = transform;
      addNoteAt(actions, { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom });
    },
  };
}
