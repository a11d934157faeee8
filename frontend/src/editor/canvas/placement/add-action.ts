/** Adds an action or a note to the canvas: each is one edit, and what was added is selected after it. */
import type { ActionDescription, Graph, GraphEdge, GraphNode, Position } from "../../../api/types";
import { type ActionIndex, getAction } from "../../../graph/action-index";
import { connect } from "../../../graph/commands/edges";
import { insertOnEdge } from "../../../graph/commands/insert";
import { addNode, setProperty } from "../../../graph/commands/nodes";
import { addNote, NOTE_SIZE_PX } from "../../../graph/commands/notes";
import { findEdge, findEdgeFrom, findNode } from "../../../graph/document";
import { createNodeId } from "../../../graph/ids";
import {
  acceptsTarget,
  createLink,
  findFittingPort,
  findOnwardBranch,
  findTargetPort,
  listSourcePorts,
  type Port,
} from "../../../graph/rules";
import { edit, getAddedIds, graphStore } from "../../../graph/store";
import { suggestProperties } from "../../../graph/suggestions";
import type { PickTarget } from "../ui-store";
import { computeCardSize, snapToGrid } from "./geometry";
import { findFreePlace, listBoxes, placeAtEnd, placeBeside, placeByPort, placeOnEdge } from "./place";
import { getOfferedResources } from "./useOfferedResources";

function createNode(graph: Graph, action: ActionDescription, position: Position): GraphNode {
  return { id: createNodeId(graph, action.type), action: action.type, properties: {}, position };
}

/** Adds a node of this action at the place that the person chose. */
export function addAction(actions: ActionIndex, action: ActionDescription, target: PickTarget): void {
  const label = `Add ${action.title}`;
  edit(label, (graph) => fillNewNode(graph, addAtTarget(graph, actions, action, target), actions, action), {
    select: getAddedIds,
  });
}

/** Gives the new node of the graph the values that alone can be meant in its place. */
function fillNewNode(before: Graph, graph: Graph, actions: ActionIndex, action: ActionDescription): Graph {
  const [id] = getAddedIds(before, graph);
  if (id === undefined) return graph;
  const values = suggestProperties(graph, actions, { id, action }, getOfferedResources());
  return Object.entries(values).reduce(
    (filled, [name, value]) => setProperty(filled, { node: id, name, value }),
    graph,
  );
}

function addAtTarget(
  graph: Graph,
  actions: ActionIndex,
  action: ActionDescription,
  target: PickTarget,
): Graph {
  if (target.kind === "port") return addAtPort(graph, actions, action, target);
  if (target.kind === "ground")
    return addNode(graph, createNode(graph, action, centreHead(action, target.position)));
  const edge = findEdge(graph, target.edge);
  return edge ? insertAction(graph, actions, action, edge) : graph;
}

/** The place of a card whose head has its middle at this point, under the pointer. */
function centreHead(action: ActionDescription, { x, y }: Position): Position {
  return { x: snapToGrid(x - action.width / 2), y: snapToGrid(y - 22) };
}

interface PortTarget {
  port: Port;
  position: Position | null;
}

function addAtPort(
  graph: Graph,
  actions: ActionIndex,
  action: ActionDescription,
  { port, position }: PortTarget,
): Graph {
  const own = findNode(graph, port.node);
  if (!own) return graph;
  const id = createNodeId(graph, action.type);
  const other =
    port.side === "source"
      ? findTargetPort(id, action, port.kind)
      : findFittingPort(id, action, port.kind, getAction(actions, own));
  const place =
    position && other
      ? findFreePlace(listBoxes(graph, actions), {
          ...computeCardSize(action),
          ...placeByPort(action, other, position),
        })
      : placeBeside(graph, actions, port, action);
  const after = addNode(graph, createNode(graph, action, place));
  const link = other && createLink(port, other);
  return link ? connect(after, link) : after;
}

function insertAction(graph: Graph, actions: ActionIndex, action: ActionDescription, edge: GraphEdge): Graph {
  const place = placeOnEdge(graph, actions, edge, action);
  if (!place) return graph;
  const node = createNode(graph, action, place.position);
  return insertOnEdge(graph, {
    edge: edge.id,
    node,
    branch: findOnwardBranch(action)?.name ?? null,
    gapPx: place.gapPx,
  });
}

/**
 * Adds a node after the selected one: at its first open port, or onto the edge of its last port. With nothing
 * selected, adds it at the end of the flow.
 */
export function addAfterSelected(actions: ActionIndex, action: ActionDescription): void {
  const { graph, selection } = graphStore.getState();
  const node = graph.nodes.find(({ id }) => selection.has(id));
  const target = node && findTargetAfter(graph, actions, node, action);
  if (target) addAction(actions, action, target);
  else
    edit(
      `Add ${action.title}`,
      (before) => fillNewNode(before, addAtEnd(before, actions, action), actions, action),
      {
        select: getAddedIds,
      },
    );
}

/** Whether an edge can lead from the selected node to this action; without one, whether it can begin an empty flow. */
export function fitsAfterSelected(actions: ActionIndex, action: ActionDescription): boolean {
  const { graph, selection } = graphStore.getState();
  const node = graph.nodes.find(({ id }) => selection.has(id));
  if (node) return findTargetAfter(graph, actions, node, action) !== null && action.role !== "trigger";
  return graph.nodes.length > 0 || action.role === "trigger";
}

function addAtEnd(graph: Graph, actions: ActionIndex, action: ActionDescription): Graph {
  return addNode(graph, createNode(graph, action, placeAtEnd(graph, actions, action)));
}

function findTargetAfter(
  graph: Graph,
  actions: ActionIndex,
  node: GraphNode,
  action: ActionDescription,
): PickTarget | null {
  const own = getAction(actions, node);
  const ports = listSourcePorts(node.id, own).filter((port) =>
    acceptsTarget(own, port.kind, port.name, action),
  );
  const open = ports.find((port) => !findEdgeFrom(graph, node.id, port.name));
  if (open) return { kind: "port", port: open, position: null };
  const last = ports.findLast((port) => port.kind === "execution");
  const edge = last && findEdgeFrom(graph, node.id, last.name);
  return edge ? { kind: "edge", edge: edge.id } : null;
}

/** Adds a note near this place, where it covers nothing. */
export function addNoteAt(actions: ActionIndex, { x, y }: Position): void {
  const { graph } = graphStore.getState();
  const place = findFreePlace(listBoxes(graph, actions), {
    ...NOTE_SIZE_PX,
    x: x - NOTE_SIZE_PX.width / 2,
    y,
  });
  edit("Add note", (before) => addNote(before, place), { select: getAddedIds });
}
