import type { Graph, GraphNode } from "../../api/types";

/** A node of the picture, in the units of its view box. */
export interface NodeBox {
  node: GraphNode;
  x: number;
  y: number;
  width: number;
  height: number;
}

const WIDTH = 200;
const CARD = 110;
const HELPER = 48;
const GAP = 60;
const ROW = 170;
const MARGIN = 24;

/**
 * Places the nodes as on the canvas, in rows: the columns keep their order and stand close together, because a picture
 * of a few hundred pixels cannot show the true distances.
 */
export function placeNodes(graph: Graph): { boxes: NodeBox[]; width: number; height: number } {
  const helpers = new Set(
    graph.edges.filter(({ kind }) => kind === "attachment").map(({ target }) => target),
  );
  const columns = rankPlaces(graph.nodes.map(({ position }) => position.x));
  const rows = rankPlaces(graph.nodes.map(({ position }) => position.y));
  const boxes = graph.nodes.map((node) => ({
    node,
    x: MARGIN + columns(node.position.x) * (WIDTH + GAP),
    y: MARGIN + rows(node.position.y) * ROW,
    width: WIDTH,
    height: helpers.has(node.id) ? HELPER : CARD,
  }));
  const width = Math.max(0, ...boxes.map((box) => box.x + box.width)) + MARGIN;
  const height = Math.max(0, ...boxes.map((box) => box.y + box.height)) + MARGIN;
  return { boxes, width, height };
}

/** Returns the rank of a place among the others; places that are nearly the same share one. */
function rankPlaces(places: number[]): (place: number) => number {
  const starts: number[] = [];
  for (const place of [...places].sort((a, b) => a - b))
    if (place - (starts.at(-1) ?? -Infinity) > GAP) starts.push(place);
  return (place) => starts.filter((start) => start <= place).length - 1;
}
