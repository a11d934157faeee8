/** What a builder does on the canvas, whichever hand does it: each is one edit, with the right thing selected after. */
import type { ActionDescription, Graph, GraphEdge, GraphNode, Position } from "../../api/types";
import { type ActionIndex, getAction } from "../../graph/action-index";
import { copyItems, type GraphFragment, pasteItems } from "../../graph/commands/copy";
import { connect, type PortLink } from "../../graph/commands/edges";
import { insertOnEdge } from "../../graph/commands/insert";
import { addNode, moveItems, shiftItems, toggleDisabled } from "../../graph/commands/nodes";
import { addNote, NOTE_SIZE_PX } from "../../graph/commands/notes";
import { removeItems } from "../../graph/commands/remove";
import { findEdgeFrom, findEdge, findNode } from "../../graph/document";
import { createNodeId } from "../../graph/ids";
import {
  findFittingPort,
  createLink,
  findOnwardBranch,
  type Port,
  listSourcePorts,
  findTargetPort,
} from "../../graph/rules";
import { getAddedIds, edit, graphStore } from "../../graph/store";
import { computeCardSize, snapToGrid } from "./placement/geometry";
import {
  listBoxes,
  findFreePlace,
  placeAtEnd,
  placeBeside,
  placeByPort,
  placeOnEdge,
} from "./placement/place";
import type { PickTarget } from "./ui-store";

function newNode(graph: Graph, action: ActionDescription, position: Position): GraphNode {
  return { id: createNodeId(graph, action.type), action: action.type, properties: {}, position };
}

/** Put a new node of this action where the picker was asked to. */
export function addAction(actions: ActionIndex, action: ActionDescription, target: PickTarget): void {
  const label = `Add ${action.title}`;
  edit(label, (graph) => placed(graph, actions, action, target), { select: getAddedIds });
}

function placed(graph: Graph, actions: ActionIndex, action: ActionDescription, target: PickTarget): Graph {
  if (target.kind === "port") return joined(graph, actions, action, target);
  if (target.kind === "ground")
    return addNode(graph, newNode(graph, action, centred(action, target.position)));
  const edge = findEdge(graph, target.edge);
  return edge ? inserted(graph, actions, action, edge) : graph;
}

/** The card lies under the pointer by the middle of its head. */
function centred(action: ActionDescription, { x, y }: Position): Position {
  return { x: snapToGrid(x - action.width / 2), y: snapToGrid(y - 22) };
}

interface AtPort {
  port: Port;
  position: Position | null;
}

function joined(
  graph: Graph,
  actions: ActionIndex,
  action: ActionDescription,
  { port, position }: AtPort,
): Graph {
  const own = findNode(graph, port.node);
  if (!own) return graph;
  const id = createNodeId(graph, action.type);
  const other =
    port.side === "source"
      ? findTargetPort(id, action, port.kind)
      : findFittingPort(id, action, port.kind, getAction(actions, own));
  const wanted =
    position && other
      ? findFreePlace(listBoxes(graph, actions), {
          ...computeCardSize(action),
          ...placeByPort(action, other, position),
        })
      : placeBeside(graph, actions, port, action);
  const after = addNode(graph, newNode(graph, action, wanted));
  const link = other && createLink(port, other);
  return link ? connect(after, link) : after;
}

function inserted(graph: Graph, actions: ActionIndex, action: ActionDescription, edge: GraphEdge): Graph {
  const place = placeOnEdge(graph, actions, edge, action);
  if (!place) return graph;
  const node = newNode(graph, action, place.position);
  return insertOnEdge(graph, {
    edge: edge.id,
    node,
    branch: findOnwardBranch(action)?.name ?? null,
    gapPx: place.gapPx,
  });
}

/** Add after the selected node: at its first open port, else onto the edge of its last; with nothing selected, at the end. */
export function addAfterSelected(actions: ActionIndex, action: ActionDescription): void {
  const { graph, selection } = graphStore.getState();
  const node = graph.nodes.find(({ id }) => selection.has(id));
  const target = node && targetAfter(graph, actions, node, action);
  if (target) addAction(actions, action, target);
  else edit(`Add ${action.title}`, (before) => appended(before, actions, action), { select: getAddedIds });
}

function appended(graph: Graph, actions: ActionIndex, action: ActionDescription): Graph {
  return addNode(graph, newNode(graph, action, placeAtEnd(graph, actions, action)));
}

function targetAfter(
  graph: Graph,
  actions: ActionIndex,
  node: GraphNode,
  action: ActionDescription,
): PickTarget | null {
  const ports = listSourcePorts(node.id, getAction(actions, node)).filter((port) =>
    port.kind === "execution" ? action.input : accepting(actions, node, port.name, action),
  );
  const open = ports.find((port) => !findEdgeFrom(graph, node.id, port.name));
  if (open) return { kind: "port", port: open, position: null };
  const last = ports.findLast((port) => port.kind === "execution");
  const edge = last && findEdgeFrom(graph, node.id, last.name);
  return edge ? { kind: "edge", edge: edge.id } : null;
}

function accepting(actions: ActionIndex, node: GraphNode, slot: string, action: ActionDescription): boolean {
  const found = getAction(actions, node).attachments.find((each) => each.name === slot);
  return found?.accepts.includes(action.type) ?? false;
}

export function joinPorts(link: PortLink): void {
  edit("Connect", (graph) => connect(graph, link));
}

export function deleteSelected(): void {
  const { selection } = graphStore.getState();
  if (selection.size > 0) edit("Delete", (graph) => removeItems(graph, selection), { select: () => [] });
}

export function duplicateSelected(): void {
  const { graph, selection } = graphStore.getState();
  pasteFragment(copyItems(graph, selection), "Duplicate");
}

const ASIDE = { x: 32, y: 32 };

export function pasteFragment(fragment: GraphFragment, label = "Paste"): void {
  if (fragment.nodes.length + fragment.notes.length === 0) return;
  edit(label, (graph) => pasteItems(graph, fragment, ASIDE), { select: getAddedIds });
}

export function disableSelected(): void {
  const { graph, selection } = graphStore.getState();
  if (graph.nodes.some((node) => selection.has(node.id)))
    edit("Disable", (before) => toggleDisabled(before, selection));
}

/** Arrow by arrow, but one act: steps in the same direction follow each other quickly. */
export function nudgeSelected(by: Position): void {
  const { selection } = graphStore.getState();
  if (selection.size > 0) edit("Move", (graph) => shiftItems(graph, selection, by), { key: "nudge" });
}

export function moveTo(places: ReadonlyMap<string, Position>): void {
  if (places.size > 0) edit("Move", (graph) => moveItems(graph, places));
}

/** The layouter is fetched when it is first asked for. */
export async function tidyUp(actions: ActionIndex, room: number): Promise<void> {
  const { arrangeNodes } = await import("./placement/arrange-nodes");
  edit("Tidy up", (graph) => moveItems(graph, arrangeNodes(graph, actions, room)));
}

/** A note near this place, where it covers nothing. */
export function addNoteAt(actions: ActionIndex, { x, y }: Position): void {
  const { graph } = graphStore.getState();
  const place = findFreePlace(listBoxes(graph, actions), {
    ...NOTE_SIZE_PX,
    x: x - NOTE_SIZE_PX.width / 2,
    y,
  });
  edit("Add note", (before) => addNote(before, place), { select: getAddedIds });
}
