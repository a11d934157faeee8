/**
 * Arranges the cards: columns in run order, the main path on one level, branches below it, helpers under their hosts.
 */
import { Graph as Layout, layout } from "@dagrejs/dagre";
import type { Graph, GraphEdge, GraphNode, Position } from "../../../api/types";
import { getAction, type ActionIndex } from "../../../graph/action-index";
import { findNode } from "../../../graph/document";
import { getRunOrder } from "../../../graph/run-order";
import {
  computeAttachmentPortX,
  CARD_GAP_PX,
  HELPER_GAP_PX,
  computeCardSize,
  snapToGrid,
  type Box,
  type Size,
} from "./geometry";
import { getBox } from "./place";

const MAX_COLUMN_GAP_PX = 64;
const EXECUTION_ROW_PX = 28;

interface Columns {
  graph: Graph;
  actions: ActionIndex;
  /** The column of each node. Helpers that are attached to a host have none. */
  columns: ReadonlyMap<string, number>;
  /** The left side of each column. */
  lefts: readonly number[];
}

/** New places for all nodes. `room` is the visible width in px; the gaps grow to fill it. */
export function arrangeNodes(graph: Graph, actions: ActionIndex, room: number): Map<string, Position> {
  const steps = graph.nodes.filter((node) => findHostEdge(graph, node) === undefined);
  const columns = computeColumns(graph, actions, steps);
  const lefts = computeLefts(graph, actions, columns, room);
  const places = placeSteps({ graph, actions, columns, lefts });
  return placeHelpers(graph, actions, places);
}

function findHostEdge(graph: Graph, node: GraphNode): GraphEdge | undefined {
  return graph.edges.find((edge) => edge.kind === "attachment" && edge.target === node.id);
}

function listExecutionEdges(graph: Graph): GraphEdge[] {
  return graph.edges.filter((edge) => edge.kind === "execution");
}

/** The column of each step: its distance from the trigger. */
function computeColumns(graph: Graph, actions: ActionIndex, steps: GraphNode[]): Map<string, number> {
  const drawing = new Layout().setGraph({ rankdir: "LR" }).setDefaultEdgeLabel(() => ({}));
  for (const node of steps) drawing.setNode(node.id, { ...computeCardSize(getAction(actions, node)) });
  for (const edge of listExecutionEdges(graph)) {
    if (drawing.hasNode(edge.source) && drawing.hasNode(edge.target))
      drawing.setEdge(edge.source, edge.target);
  }
  layout(drawing);
  const middles = new Map(steps.map(({ id }) => [id, (drawing.node(id) as { x: number }).x]));
  const order = [...new Set(middles.values())].sort((a, b) => a - b);
  return new Map([...middles].map(([id, middle]) => [id, order.indexOf(middle)]));
}

/** The size of a step together with its helpers. */
function computeBlock(graph: Graph, actions: ActionIndex, id: string): Size {
  const node = findNode(graph, id);
  if (!node) return { width: 0, height: 0 };
  const own = getBox(actions, node);
  const helpers = listHelpers(graph, id).map((helper) => getBox(actions, helper));
  if (helpers.length === 0) return own;
  const width = helpers.reduce((sum, box) => sum + box.width, 0) + CARD_GAP_PX * (helpers.length - 1);
  return {
    width: Math.max(own.width, width),
    height: own.height + HELPER_GAP_PX + Math.max(...helpers.map((box) => box.height)),
  };
}

function listHelpers(graph: Graph, host: string): GraphNode[] {
  const edges = graph.edges.filter((edge) => edge.kind === "attachment" && edge.source === host);
  return edges.flatMap((edge) => findNode(graph, edge.target) ?? []);
}

function computeLefts(
  graph: Graph,
  actions: ActionIndex,
  columns: Map<string, number>,
  room: number,
): number[] {
  const widths: number[] = [];
  for (const [id, column] of columns) {
    widths[column] = Math.max(widths[column] ?? 0, computeBlock(graph, actions, id).width);
  }
  const total = widths.reduce((sum, width) => sum + width, 0);
  const fair = (room - total) / Math.max(1, widths.length - 1);
  const gap = Math.min(MAX_COLUMN_GAP_PX, Math.max(CARD_GAP_PX, fair));
  let left = 0;
  return widths.map((width) => {
    const here = left;
    left += width + gap;
    return snapToGrid(here);
  });
}

/** Places the steps in run order: level with the port before it, or below the step that is already there. */
function placeSteps(ground: Columns): Map<string, Position> {
  const { graph, actions, columns, lefts } = ground;
  const places = new Map<string, Position>();
  const floors: number[] = [];
  for (const id of getRunOrder(graph, actions).nodeIds) {
    const column = columns.get(id);
    if (column === undefined) continue;
    const block = computeBlock(graph, actions, id);
    const floor = floors[column];
    const level = findLevel(ground, places, id);
    const y = snapToGrid(
      floor === undefined ? (level ?? findLowest(floors)) : Math.max(level ?? 0, floor + CARD_GAP_PX),
    );
    places.set(id, { x: lefts[column] ?? 0, y });
    floors[column] = y + block.height;
  }
  return places;
}

/** The height below everything, for a step that has no step before it. */
function findLowest(floors: readonly number[]): number {
  const floor = Math.max(-CARD_GAP_PX, ...floors.filter(Number.isFinite));
  return floor + CARD_GAP_PX;
}

/** The height at which the edge to this step is straight. */
function findLevel(ground: Columns, places: ReadonlyMap<string, Position>, id: string): number | null {
  for (const edge of listExecutionEdges(ground.graph)) {
    const source = edge.target === id ? findNode(ground.graph, edge.source) : undefined;
    const place = source && places.get(source.id);
    if (!place) continue;
    const { branches } = getAction(ground.actions, source);
    return (
      place.y +
      Math.max(
        0,
        branches.findIndex((each) => each.name === edge.source_port),
      ) *
        EXECUTION_ROW_PX
    );
  }
  return null;
}

function placeHelpers(
  graph: Graph,
  actions: ActionIndex,
  places: Map<string, Position>,
): Map<string, Position> {
  for (const host of graph.nodes) {
    const place = places.get(host.id);
    if (place) for (const [id, at] of placeUnderHost(graph, actions, host, place)) places.set(id, at);
  }
  return places;
}

/** Places each helper under its own diamond, or further right where the helper before it is too wide. */
function placeUnderHost(
  graph: Graph,
  actions: ActionIndex,
  host: GraphNode,
  at: Position,
): [string, Position][] {
  const action = getAction(actions, host);
  const y = at.y + computeCardSize(action).height + HELPER_GAP_PX;
  let free = -Infinity;
  return action.attachments.flatMap((slot, index) => {
    const edge = graph.edges.find((each) => each.source === host.id && each.source_port === slot.name);
    const helper = edge && findNode(graph, edge.target);
    if (!helper) return [];
    const box: Box = getBox(actions, helper);
    const x = Math.max(free, at.x + computeAttachmentPortX(action, index) - box.width / 2);
    free = x + box.width + CARD_GAP_PX;
    return [[helper.id, { x, y: snapToGrid(y) }]];
  });
}
