/** Which ports fit together. The server checks everything else; these rules stop edges that can never work. */
import type { ActionDescription, Branch, EdgeKind, Graph } from "../api/types";
import { getAction, type ActionIndex } from "./action-index";
import type { PortLink } from "./commands/edges";
import { EXECUTION_INPUT_PORT, findNode, HOST_PORT, collectReachable } from "./document";

/** One port of one node. */
export interface Port {
  node: string;
  kind: EdgeKind;
  side: "source" | "target";
  name: string;
}

/** The link between two ports, whichever of them the person started at. */
export function createLink(a: Port, b: Port): PortLink | null {
  if (a.side === b.side || a.kind !== b.kind) return null;
  const [from, to] = a.side === "source" ? [a, b] : [b, a];
  return { kind: a.kind, source: from.node, source_port: from.name, target: to.node, target_port: to.name };
}

/** The action at one end of a link; undefined when the node does not exist. */
function findActionAt(graph: Graph, actions: ActionIndex, id: string): ActionDescription | undefined {
  const node = findNode(graph, id);
  return node && getAction(actions, node);
}

export function canConnect(graph: Graph, actions: ActionIndex, link: PortLink): boolean {
  if (link.source === link.target) return false;
  const source = findActionAt(graph, actions, link.source);
  const target = findActionAt(graph, actions, link.target);
  if (!source || !target || !acceptsTarget(source, link.kind, link.source_port, target)) return false;
  return !collectReachable(graph, link.target).has(link.source);
}

/** Whether a port of `source` accepts a node of the action `target`. */
export function acceptsTarget(
  source: ActionDescription,
  kind: EdgeKind,
  port: string,
  target: ActionDescription,
): boolean {
  if (kind === "execution") return target.input && source.branches.some((branch) => branch.name === port);
  return source.attachments.some((slot) => slot.name === port && slot.accepts.includes(target.type));
}

/** The ports of an action that edges leave: execution outputs, then attachments. */
export function listSourcePorts(node: string, action: ActionDescription): Port[] {
  const port = (kind: EdgeKind, name: string): Port => ({ node, kind, side: "source", name });
  return [
    ...action.branches.map((branch) => port("execution", branch.name)),
    ...action.attachments.map((slot) => port("attachment", slot.name)),
  ];
}

/** The port of an action that this kind of edge leads to; null when it has none. */
export function findTargetPort(node: string, action: ActionDescription, kind: EdgeKind): Port | null {
  if (kind === "execution")
    return action.input ? { node, kind, side: "target", name: EXECUTION_INPUT_PORT } : null;
  return action.role === "helper" ? { node, kind, side: "target", name: HOST_PORT } : null;
}

/** The port of an action that accepts the action `target`: the first one without an edge, otherwise the first one. */
export function findFittingPort(
  node: string,
  action: ActionDescription,
  kind: EdgeKind,
  target: ActionDescription,
  isJoined: (port: Port) => boolean = () => false,
): Port | null {
  const ports = listSourcePorts(node, action).filter(
    (port) => port.kind === kind && acceptsTarget(action, kind, port.name, target),
  );
  return ports.find((port) => !isJoined(port)) ?? ports[0] ?? null;
}

/** The branch that leads to the next step and does not repeat. */
export function findOnwardBranch(action: ActionDescription): Branch | null {
  return action.branches.find((branch) => !branch.repeats) ?? action.branches[0] ?? null;
}
