/**
 * Connects two ports with the keyboard (`C`): left and right choose the port, up and down the port at the other end.
 */
import type { Graph, GraphNode } from "../../../api/types";
import { type ActionIndex, getAction } from "../../../graph/action-index";
import { findEdgeFrom, getTitle } from "../../../graph/document";
import { canConnect, createLink, type Port, listSourcePorts, findTargetPort } from "../../../graph/rules";
import { edit } from "../../../graph/store";
import { connectPorts } from "../edits";
import { changeCanvasUi, type KeyConnect } from "../ui-store";
import { removeItems } from "../../../graph/commands/remove";

/** Starts at the first open port of a node, or at its first port. Null when the node has none. */
export function startKeyConnect(graph: Graph, actions: ActionIndex, node: GraphNode): KeyConnect | null {
  const ports = listPorts(actions, node);
  const from = ports.find((port) => !findEdgeFrom(graph, node.id, port.name)) ?? ports[0];
  return from ? connectFrom(graph, actions, from) : null;
}

/** The ports to start at: those that edges leave, and the port by which a helper is attached. */
function listPorts(actions: ActionIndex, node: GraphNode): Port[] {
  const action = getAction(actions, node);
  const hanging = action.role === "helper" ? findTargetPort(node.id, action, "attachment") : null;
  return [...(hanging ? [hanging] : []), ...listSourcePorts(node.id, action)];
}

function connectFrom(graph: Graph, actions: ActionIndex, from: Port): KeyConnect {
  const candidates = graph.nodes
    .flatMap((node) => listOtherPorts(actions, node, from))
    .filter((port) => {
      const link = createLink(from, port);
      return link !== null && canConnect(graph, actions, link);
    });
  return { from, candidates: sortByDistance(graph, from, candidates), chosen: 0 };
}

function listOtherPorts(actions: ActionIndex, node: GraphNode, from: Port): Port[] {
  const action = getAction(actions, node);
  if (from.side === "target")
    return listSourcePorts(node.id, action).filter((port) => port.kind === from.kind);
  const port = findTargetPort(node.id, action, from.kind);
  return port ? [port] : [];
}

function sortByDistance(graph: Graph, from: Port, ports: Port[]): Port[] {
  const places = new Map(graph.nodes.map((node) => [node.id, node.position]));
  const origin = places.get(from.node) ?? { x: 0, y: 0 };
  const far = (port: Port): number => {
    const place = places.get(port.node) ?? origin;
    return Math.hypot(place.x - origin.x, place.y - origin.y);
  };
  return ports.toSorted((a, b) => far(a) - far(b));
}

/** Chooses another port of the same node. */
export function choosePort(graph: Graph, actions: ActionIndex, now: KeyConnect, by: 1 | -1): KeyConnect {
  const node = graph.nodes.find((each) => each.id === now.from.node);
  const ports = node ? listPorts(actions, node) : [];
  const at = ports.findIndex((port) => port.name === now.from.name && port.kind === now.from.kind);
  const next = ports[(at + by + ports.length) % ports.length];
  return next ? connectFrom(graph, actions, next) : now;
}

export function chooseCandidate(now: KeyConnect, by: 1 | -1): KeyConnect {
  const count = now.candidates.length;
  return count === 0 ? now : { ...now, chosen: (now.chosen + by + count) % count };
}

/** Connects the two chosen ports. */
export function finishKeyConnect({ from, candidates, chosen }: KeyConnect): void {
  const target = candidates[chosen];
  const link = target && createLink(from, target);
  changeCanvasUi({ keyConnect: null });
  if (link) connectPorts(link);
}

/** Deletes the edges of the port. */
export function disconnectPort(graph: Graph, { from }: KeyConnect): void {
  const own = graph.edges.filter((edge) =>
    from.side === "target"
      ? edge.target === from.node && edge.target_port === from.name
      : edge.source === from.node && edge.source_port === from.name,
  );
  changeCanvasUi({ keyConnect: null });
  if (own.length > 0)
    edit("Disconnect", (before) => removeItems(before, new Set(own.map((edge) => edge.id))));
}

/** The sentence that is shown and announced while the person chooses. */
export function describeKeyConnect(graph: Graph, actions: ActionIndex, now: KeyConnect): string {
  const name = (id: string): string => {
    const node = graph.nodes.find((each) => each.id === id);
    return node ? getTitle(node, getAction(actions, node).title) : "";
  };
  const title = ({ node: id, name: port }: Port): string => {
    const node = graph.nodes.find((each) => each.id === id);
    const action = node && getAction(actions, node);
    const ports = [...(action?.branches ?? []), ...(action?.attachments ?? [])];
    return ports.find((each) => each.name === port)?.title ?? "";
  };
  const target = now.candidates[now.chosen];
  const hanging = now.from.side === "target";
  const from = hanging ? name(now.from.node) : title(now.from);
  if (!target) return `No port fits ${from}`;
  return hanging
    ? `Connect ${from} to ${title(target)} of ${name(target.node)}`
    : `Connect ${from} to ${name(target.node)}`;
}
