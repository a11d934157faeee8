/** Finds the place of a new card: beside the card before it, where nothing is in the way. */
import type { ActionDescription, Graph, GraphEdge, GraphNode, Position } from "../../../api/types";
import { getAction, type ActionIndex } from "../../../graph/action-index";
import { findNode } from "../../../graph/document";
import { findFittingPort, type Port } from "../../../graph/rules";
import {
  computeAttachmentPortX,
  CARD_GAP_PX,
  HELPER_GAP_PX,
  overlaps,
  computeCardSize,
  snapToGrid,
  type Box,
} from "./geometry";

/** The gap for an edge and its +. */
const EDGE_GAP_PX = 48;
/** From the top of a card to its first execution port. */
const HEAD_TO_PORT_PX = 58;

export function getBox(actions: ActionIndex, node: GraphNode): Box {
  return { ...node.position, ...computeCardSize(getAction(actions, node)) };
}

export function listBoxes(graph: Graph, actions: ActionIndex): Box[] {
  const notes = graph.notes.map(({ position, width, height }) => ({ ...position, width, height }));
  return [...graph.nodes.map((node) => getBox(actions, node)), ...notes];
}

/** The wanted place, or the nearest free place below it. */
export function findFreePlace(boxes: readonly Box[], wanted: Box): Position {
  let place = wanted;
  for (;;) {
    const hit = boxes.find((box) => overlaps(box, place, CARD_GAP_PX - 1));
    if (!hit) return { x: snapToGrid(place.x), y: snapToGrid(place.y) };
    place = { ...place, y: hit.y + hit.height + CARD_GAP_PX };
  }
}

/** The place of a new node that is connected to `from`. */
export function placeBeside(
  graph: Graph,
  actions: ActionIndex,
  from: Port,
  action: ActionDescription,
): Position {
  const node = findNode(graph, from.node);
  if (!node) return { x: 0, y: 0 };
  const box = getBox(actions, node);
  const size = computeCardSize(action);
  return findFreePlace(listBoxes(graph, actions), {
    ...size,
    ...findWantedPlace(box, from, getAction(actions, node), action),
  });
}

/** The place of a new card whose port is at this point, where the person dropped an edge. */
export function placeByPort(action: ActionDescription, port: Port, { x, y }: Position): Position {
  const { width, height } = computeCardSize(action);
  if (port.kind === "execution")
    return { x: x - (port.side === "source" ? width : 0), y: y - HEAD_TO_PORT_PX };
  if (port.side === "target") return { x: x - width / 2, y };
  return { x: x - computeSlotX(action, port), y: y - height };
}

function computeSlotX(host: ActionDescription, { name }: Port): number {
  const slot = host.attachments.findIndex((each) => each.name === name);
  return computeAttachmentPortX(host, Math.max(0, slot));
}

function findWantedPlace(box: Box, from: Port, host: ActionDescription, action: ActionDescription): Position {
  const size = computeCardSize(action);
  if (from.side === "target" && from.kind === "attachment") return placeAbove(box, host, action);
  if (from.side === "target") return { x: box.x - EDGE_GAP_PX - size.width, y: box.y };
  if (from.kind === "execution") {
    const row = host.branches.findIndex((branch) => branch.name === from.name);
    return { x: box.x + box.width + EDGE_GAP_PX, y: box.y + Math.max(0, row) * 28 };
  }
  return { x: box.x + computeSlotX(host, from) - size.width / 2, y: box.y + box.height + HELPER_GAP_PX };
}

/** The place of a host above its helper, so that the two diamonds are in line. */
function placeAbove(box: Box, helper: ActionDescription, host: ActionDescription): Position {
  const port = findFittingPort("", host, "attachment", helper);
  const x = port ? computeSlotX(host, port) : host.width / 2;
  return { x: box.x + box.width / 2 - x, y: box.y - HELPER_GAP_PX - computeCardSize(host).height };
}

/** The place of a node that follows no other: right of all others, level with the first. */
export function placeAtEnd(graph: Graph, actions: ActionIndex, action: ActionDescription): Position {
  const boxes = listBoxes(graph, actions);
  const last = boxes.reduce<Box | null>((a, b) => (a && a.x + a.width >= b.x + b.width ? a : b), null);
  if (!last) return { x: 0, y: 0 };
  return findFreePlace(boxes, {
    ...computeCardSize(action),
    x: last.x + last.width + EDGE_GAP_PX,
    y: last.y,
  });
}

interface Insertion {
  position: Position;
  /** How far the cards after it must move to the right. */
  gapPx: number;
}

/** The place of a node that is inserted into an execution edge. */
export function placeOnEdge(
  graph: Graph,
  actions: ActionIndex,
  edge: GraphEdge,
  action: ActionDescription,
): Insertion | null {
  const source = findNode(graph, edge.source);
  const target = findNode(graph, edge.target);
  if (!source || !target) return null;
  const { x, y, width } = getBox(actions, source);
  const row = getAction(actions, source).branches.findIndex((branch) => branch.name === edge.source_port);
  const position = { x: snapToGrid(x + width + EDGE_GAP_PX), y: snapToGrid(y + Math.max(0, row) * 28) };
  const needed = position.x + computeCardSize(action).width + EDGE_GAP_PX - target.position.x;
  return { position, gapPx: Math.max(0, snapToGrid(needed)) };
}
