/** `C`: join two ports with the keys alone. Left and right choose the port, up and down what it is joined to. */
import type { Graph, GraphNode } from "../../../api/types";
import { type ActionIndex, actionOf } from "../../../graph/action-index";
import { edgeFrom, titleOf } from "../../../graph/document";
import { canConnect, linkOf, type Port, sourcePorts, targetPort } from "../../../graph/rules";
import { edit } from "../../../graph/store";
import { joinPorts } from "../acts";
import { changeUi, type KeyConnect } from "../ui-store";
import { removeItems } from "../../../graph/commands/remove";

/** Begin at the node's first open port, or at its first. Null when the node has none. */
export function beginConnect(graph: Graph, actions: ActionIndex, node: GraphNode): KeyConnect | null {
  const ports = portsOf(actions, node);
  const from = ports.find((port) => !edgeFrom(graph, node.id, port.name)) ?? ports[0];
  return from ? fromPort(graph, actions, from) : null;
}

/** The ports to begin at: those that an edge leaves; of a helper the one that it hangs by. */
function portsOf(actions: ActionIndex, node: GraphNode): Port[] {
  const action = actionOf(actions, node);
  const hanging = action.role === "helper" ? targetPort(node.id, action, "attachment") : null;
  return [...(hanging ? [hanging] : []), ...sourcePorts(node.id, action)];
}

function fromPort(graph: Graph, actions: ActionIndex, from: Port): KeyConnect {
  const candidates = graph.nodes
    .flatMap((node) => otherPorts(actions, node, from))
    .filter((port) => {
      const link = linkOf(from, port);
      return link !== null && canConnect(graph, actions, link);
    });
  return { from, candidates: byDistance(graph, from, candidates), chosen: 0 };
}

function otherPorts(actions: ActionIndex, node: GraphNode, from: Port): Port[] {
  const action = actionOf(actions, node);
  if (from.side === "target") return sourcePorts(node.id, action).filter((port) => port.kind === from.kind);
  const port = targetPort(node.id, action, from.kind);
  return port ? [port] : [];
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
  const ports = node ? portsOf(actions, node) : [];
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

/** Take the edges of the port away. */
export function cutConnect(graph: Graph, { from }: KeyConnect): void {
  const own = graph.edges.filter((edge) =>
    from.side === "target"
      ? edge.target === from.node && edge.target_port === from.name
      : edge.source === from.node && edge.source_port === from.name,
  );
  changeUi({ keyConnect: null });
  if (own.length > 0)
    edit("Disconnect", (before) => removeItems(before, new Set(own.map((edge) => edge.id))));
}

/** The sentence that is shown and spoken while ports are chosen. */
export function connectWords(graph: Graph, actions: ActionIndex, now: KeyConnect): string {
  const name = (id: string): string => {
    const node = graph.nodes.find((each) => each.id === id);
    return node ? titleOf(node, actionOf(actions, node).title) : "";
  };
  const title = ({ node: id, name: port }: Port): string => {
    const node = graph.nodes.find((each) => each.id === id);
    const action = node && actionOf(actions, node);
    const ports = [...(action?.branches ?? []), ...(action?.attachments ?? [])];
    return ports.find((each) => each.name === port)?.title ?? "";
  };
  const target = now.candidates[now.chosen];
  const hanging = now.from.side === "target";
  const from = hanging ? name(now.from.node) : title(now.from);
  if (!target) return `Nothing fits ${from}`;
  return hanging
    ? `Connect ${from} to ${title(target)} of ${name(target.node)}`
    : `Connect ${from} to ${name(target.node)}`;
}
