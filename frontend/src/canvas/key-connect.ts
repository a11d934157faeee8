/** `C`: join two ports with the keys alone. Left and right choose the port, up and down what it is joined to. */
import type { Graph, GraphNode } from "../api/types";
import { type ActionIndex, actionOf } from "../graph/action-index";
import { edgeFrom, titleOf } from "../graph/document";
import { canConnect, linkOf, type Port, sourcePorts, targetPort } from "../graph/rules";
import { edit } from "../graph/store";
import { joinPorts } from "./acts";
import { changeUi, type KeyConnect } from "./ui-store";
import { removeItems } from "../graph/commands/remove";

/** Begin at the node's first open port, or at its first. Null when the node has none. */
export function beginConnect(graph: Graph, actions: ActionIndex, node: GraphNode): KeyConnect | null {
  const ports = sourcePorts(node.id, actionOf(actions, node));
  const from = ports.find((port) => !edgeFrom(graph, node.id, port.name)) ?? ports[0];
  return from ? fromPort(graph, actions, from) : null;
}

function fromPort(graph: Graph, actions: ActionIndex, from: Port): KeyConnect {
  const candidates = graph.nodes
    .flatMap((node) => targetPort(node.id, actionOf(actions, node), from.kind) ?? [])
    .filter((port) => {
      const link = linkOf(from, port);
      return link !== null && canConnect(graph, actions, link);
    });
  return { from, candidates: byDistance(graph, from, candidates), chosen: 0 };
}

function byDistance(graph: Graph, from: Port, ports: Port[]): Port[] {
  const places = new Map(graph.nodes.map((node) => [node.id, node.position]));
  const origin = places.get(from.node) ?? { x: 0, y: 0 };
  const far = (port: Port): number => {
    const place = places.get(port.node) ?? origin;
    return Math.hypot(place.x - origin.x, place.y - origin.y);
  };
  return ports.toSorted((a, b) => far(a) - far(b));
}

/** Another port of the same node. */
export function turnPort(graph: Graph, actions: ActionIndex, now: KeyConnect, by: 1 | -1): KeyConnect {
  const node = graph.nodes.find((each) => each.id === now.from.node);
  const ports = node ? sourcePorts(node.id, actionOf(actions, node)) : [];
  const at = ports.findIndex((port) => port.name === now.from.name && port.kind === now.from.kind);
  const next = ports[(at + by + ports.length) % ports.length];
  return next ? fromPort(graph, actions, next) : now;
}

export function turnCandidate(now: KeyConnect, by: 1 | -1): KeyConnect {
  const count = now.candidates.length;
  return count === 0 ? now : { ...now, chosen: (now.chosen + by + count) % count };
}

/** Join what is chosen. */
export function finishConnect({ from, candidates, chosen }: KeyConnect): void {
  const target = candidates[chosen];
  const link = target && linkOf(from, target);
  changeUi({ keyConnect: null });
  if (link) joinPorts(link);
}

/** Take the edge of the port away. */
export function cutConnect(graph: Graph, { from }: KeyConnect): void {
  const edge = edgeFrom(graph, from.node, from.name);
  changeUi({ keyConnect: null });
  if (edge) edit("Disconnect", (before) => removeItems(before, new Set([edge.id])));
}

/** The sentence that is shown and spoken while ports are chosen. */
export function connectWords(graph: Graph, actions: ActionIndex, now: KeyConnect): string {
  const name = (id: string): string => {
    const node = graph.nodes.find((each) => each.id === id);
    return node ? titleOf(node, actionOf(actions, node).title) : "";
  };
  const node = graph.nodes.find((each) => each.id === now.from.node);
  const action = node && actionOf(actions, node);
  const ports = [...(action?.branches ?? []), ...(action?.attachments ?? [])];
  const port = ports.find((each) => each.name === now.from.name)?.title ?? "";
  const target = now.candidates[now.chosen];
  return target ? `Connect ${port} to ${name(target.node)}` : `Nothing fits ${port}`;
}
