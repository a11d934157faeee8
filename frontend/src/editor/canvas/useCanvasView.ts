/** Controls which part of the flow is visible. */
import { useReactFlow, useStoreApi } from "@xyflow/react";
import type { Graph, Position } from "../../api/types";
import type { ActionIndex } from "../../graph/action-index";
import { findEdge } from "../../graph/document";
import { useActions } from "../../graph/useActions";
import { graphStore } from "../../graph/store";
import { tidyUp } from "./edits";
import { addNoteAt } from "./placement/add-action";
import { type Box, MAP_SIZE_PX, type Size } from "./placement/geometry";
import { listBoxes, getBox } from "./placement/place";

export const MIN_ZOOM = 0.2;
export const MAX_ZOOM = 2;
/** The smallest zoom of Fit to view, so that texts stay readable. */
const MIN_FIT_ZOOM = 0.8;
/** The room for the bars above the canvas. */
const MARGIN_PX = { left: 16, right: 16, top: 56, bottom: 56 };
/** The room for the overview, with its distance from the edge. */
const MAP_ROOM_PX = MAP_SIZE_PX.height + 24;
/** The property panel lies over a narrow canvas. Where it leaves less than this, it counts as not there. */
const MIN_FREE_WIDTH_PX = 160;
/** Between a card that failed and its message. CardNote.module.css has the same number. */
const FAILURE_NOTE_GAP_PX = 8;

interface Viewport {
  x: number;
  y: number;
  zoom: number;
}

/** The viewport that shows the whole flow where it stays readable; otherwise the beginning of the flow. */
export function fitBoxes(boxes: readonly Box[], width: number, height: number): Viewport | null {
  if (width === 0 || height === 0) return null;
  const all = joinBoxes(boxes);
  if (!all) return null;
  const { x: left, y: top, width: wide, height: high } = all;
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

/** The viewport that is moved until each box is in view, one after the other: without room for all, the last one is. */
export function showBoxes(
  boxes: readonly Box[],
  viewport: Viewport,
  width: number,
  height: number,
): Viewport {
  return boxes.reduce((shown, box) => {
    const { x, y } = computePan(box, shown, width, height);
    return { ...shown, x: shown.x + x, y: shown.y + y };
  }, viewport);
}

/** The place of a node, of a note, or of an edge with both of its nodes. Below a node that failed, its message too. */
function listItemBoxes(graph: Graph, actions: ActionIndex, id: string): Box[] {
  const edge = findEdge(graph, id);
  const ends = edge ? [edge.source, edge.target] : [id];
  const nodes = graph.nodes.filter((node) => ends.includes(node.id)).map((node) => getBox(actions, node));
  const notes = graph.notes.filter((note) => note.id === id).map((note) => ({ ...note, ...note.position }));
  const box = joinBoxes([...nodes, ...notes]);
  if (!box) return [];
  const message = measureFailureNote(id);
  if (message === 0) return [box];
  const below = { ...box, y: box.y + box.height, height: FAILURE_NOTE_GAP_PX + message };
  return [{ ...box, height: box.height + below.height }, below];
}

/** The height of the message below a card; 0 without one. */
function measureFailureNote(id: string): number {
  return document.querySelector<HTMLElement>(`[data-failure="${CSS.escape(id)}"]`)?.offsetHeight ?? 0;
}

function joinBoxes(boxes: readonly Box[]): Box | null {
  if (boxes.length === 0) return null;
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  return { x, y, width, height: Math.max(...boxes.map((box) => box.y + box.height)) - y };
}

export type CanvasView = ReturnType<typeof useCanvasView>;

export function useCanvasView() {
  const flow = useReactFlow();
  const store = useStoreApi();
  const actions = useActions();
  const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
  /** The part of the canvas, from its top left, that nothing lies over. */
  const getFreeSize = (): Size => {
    const { width, height, domNode } = store.getState();
    const panel = document.querySelector("[data-properties]")?.getBoundingClientRect();
    const canvas = domNode?.getBoundingClientRect();
    const covered = panel && canvas ? Math.max(0, canvas.right - panel.left) : 0;
    const hasMap = domNode?.querySelector(".react-flow__minimap:not([hidden])") != null;
    return {
      width: width - covered < MIN_FREE_WIDTH_PX ? width : width - covered,
      height: hasMap ? height - MAP_ROOM_PX + MARGIN_PX.bottom : height,
    };
  };
  const fit = (duration = motion): void => {
    const { width, height } = getFreeSize();
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
    /** Pans to a node, a note or an edge when it is not in the free part of the canvas. */
    reveal: (id: string) => {
      const boxes = listItemBoxes(graphStore.getState().graph, actions, id);
      const { width, height } = getFreeSize();
      const viewport = flow.getViewport();
      const next = showBoxes(boxes, viewport, width, height);
      // Straight, so that a second call on the way, as when a panel opens, finds the same zoom.
      if (next.x !== viewport.x || next.y !== viewport.y)
        void flow.setViewport(next, { duration: motion, interpolate: "linear" });
    },
    /** Adds a note in the middle of the visible part. */
    addNote: () => {
      const { width, height, transform } = store.getState();
      const [x, y, zoom] = transform;
      addNoteAt(actions, { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom });
    },
  };
}
