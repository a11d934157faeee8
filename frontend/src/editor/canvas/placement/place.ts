/** Where a new card goes: beside the one it follows, on ground that is free. */
import type { ActionDescription, Graph, GraphEdge, GraphNode, Position } from "../../../api/types";
import { actionOf, type ActionIndex } from "../../../graph/action-index";
import { findNode } from "../../../graph/document";
import { fittingPort, type Port } from "../../../graph/rules";
import { attachmentPortX, GAP, HANG, overlaps, sizeOf, snap, type Box } from "./geometry";

/** Room for the edge and the + on it. */
const STEP = 48;
/** From the top of a card to its first execution port. */
const HEAD_TO_PORT = 58;

export function boxOf(actions: ActionIndex, node: GraphNode): Box {
  return { ...node.position, ...sizeOf(actionOf(actions, node)) };
}

export function boxesOf(graph: Graph, actions: ActionIndex): Box[] {
  const notes = graph.notes.map(({ position, width, height }) => ({ ...position, width, height }));
  return [...graph.nodes.map((node) => boxOf(actions, node)), ...notes];
}

/** The nearest free place below `wanted`, or there. */
export function freePlace(boxes: readonly Box[], wanted: Box): Position {
  let place = wanted;
  for (;;) {
    const hit = boxes.find((box) => overlaps(box, place, GAP - 1));
    if (!hit) return { x: snap(place.x), y: snap(place.y) };
    place = { ...place, y: hit.y + hit.height + GAP };
  }
}

/** The place of a node that is joined to `from`. */
export function placeBeside(
  graph: Graph,
  actions: ActionIndex,
  from: Port,
  action: ActionDescription,
): Position {
  const node = findNode(graph, from.node);
  if (!node) return { x: 0, y: 0 };
  const box = boxOf(actions, node);
  const size = sizeOf(action);
  return freePlace(boxesOf(graph, actions), {
    ...size,
    ...wantedPlace(box, from, actionOf(actions, node), action),
  });
}

/** The place of a new card whose port lies here, under the hand that drew an edge. */
export function placeByPort(action: ActionDescription, port: Port, { x, y }: Position): Position {
  const { width, height } = sizeOf(action);
  if (port.kind === "execution") return { x: x - (port.side === "source" ? width : 0), y: y - HEAD_TO_PORT };
  if (port.side === "target") return { x: x - width / 2, y };
  return { x: x - slotX(action, port), y: y - height };
}

function slotX(host: ActionDescription, { name }: Port): number {
  const slot = host.attachments.findIndex((each) => each.name === name);
  return attachmentPortX(host, Math.max(0, slot));
}

function wantedPlace(box: Box, from: Port, host: ActionDescription, action: ActionDescription): Position {
  const size = sizeOf(action);
  if (from.side === "target" && from.kind === "attachment") return placeAbove(box, host, action);
  if (from.side === "target") return { x: box.x - STEP - size.width, y: box.y };
  if (from.kind === "execution") {
    const row = host.branches.findIndex((branch) => branch.name === from.name);
    return { x: box.x + box.width + STEP, y: box.y + Math.max(0, row) * 28 };
  }
  return { x: box.x + slotX(host, from) - size.width / 2, y: box.y + box.height + HANG };
}

/** A host stands above the helper that it is made for, with the diamond that takes it over the helper's own. */
function placeAbove(box: Box, helper: ActionDescription, host: ActionDescription): Position {
  const port = fittingPort("", host, "attachment", helper);
  const x = port ? slotX(host, port) : host.width / 2;
  return { x: box.x + box.width / 2 - x, y: box.y - HANG - sizeOf(host).height };
}

/** The place of a node with nothing to follow: right of all others, level with the first. */
export function placeAtEnd(graph: Graph, actions: ActionIndex, action: ActionDescription): Position {
  const boxes = boxesOf(graph, actions);
  const last = boxes.reduce<Box | null>((a, b) => (a && a.x + a.width >= b.x + b.width ? a : b), null);
  if (!last) return { x: 0, y: 0 };
  return freePlace(boxes, { ...sizeOf(action), x: last.x + last.width + STEP, y: last.y });
}

interface Insertion {
  position: Position;
  /** How far what comes after must move to the right. */
  gap: number;
}

/** The place of a node that goes onto an execution edge. */
export function placeOnEdge(
  graph: Graph,
  actions: ActionIndex,
  edge: GraphEdge,
  action: ActionDescription,
): Insertion | null {
  const source = findNode(graph, edge.source);
  const target = findNode(graph, edge.target);
  if (!source || !target) return null;
  const { x, y, width } = boxOf(actions, source);
  const row = actionOf(actions, source).branches.findIndex((branch) => branch.name === edge.source_port);
  const position = { x: snap(x + width + STEP), y: snap(y + Math.max(0, row) * 28) };
  const needed = position.x + sizeOf(action).width + STEP - target.position.x;
  return { position, gap: Math.max(0, snap(needed)) };
}
