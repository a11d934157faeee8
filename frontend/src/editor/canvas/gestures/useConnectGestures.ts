import { type Connection, type Edge, type FinalConnectionState, useReactFlow } from "@xyflow/react";
import { type ActionIndex, getAction } from "../../../graph/action-index";
import { useActions } from "../../../graph/useActions";
import type { PortLink } from "../../../graph/commands/edges";
import { findEdgeFrom, findNode } from "../../../graph/document";
import { canConnect, findFittingPort, createLink, type Port, findTargetPort } from "../../../graph/rules";
import { graphStore } from "../../../graph/store";
import { connectPorts } from "../edits";
import { parsePort } from "../card/PortMark";
import { changeCanvasUi } from "../ui-store";

/**
 * Handles an edge that a person draws: onto a port, onto a card, or onto the canvas, where the list of actions opens.
 */
export function useConnectGestures() {
  const actions = useActions();
  const { screenToFlowPosition } = useReactFlow();
  const fits = (link: PortLink | null): link is PortLink =>
    link !== null && canConnect(graphStore.getState().graph, actions, link);
  return {
    isValidConnection: (connection: Connection | Edge): boolean => fits(createLinkBetween(connection)),
    onConnect: (connection: Connection): void => {
      const link = createLinkBetween(connection);
      if (fits(link)) connectPorts(link);
    },
    onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
      const from = state.fromHandle;
      if (!from?.id || state.isValid) return;
      const port = parsePort(from.nodeId, from.type, from.id);
      const at = getPoint(event);
      const card = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>(".react-flow__node");
      const link = card ? findLinkToCard(actions, port, card.dataset.id ?? "") : null;
      if (fits(link)) connectPorts(link);
      else if (!card)
        changeCanvasUi({
          picker: { at, target: { kind: "port", port, position: screenToFlowPosition(at) } },
        });
    },
  };
}

function createLinkBetween({
  source,
  sourceHandle,
  target,
  targetHandle,
}: Connection | Edge): PortLink | null {
  if (!sourceHandle || !targetHandle) return null;
  return createLink(parsePort(source, "source", sourceHandle), parsePort(target, "target", targetHandle));
}

/** The link for a drop on a card: to the one port that accepts the edge. */
export function findLinkToCard(actions: ActionIndex, port: Port, id: string): PortLink | null {
  const { graph } = graphStore.getState();
  const node = findNode(graph, id);
  const from = findNode(graph, port.node);
  if (!node || !from) return null;
  const action = getAction(actions, node);
  const isJoined = ({ name }: Port): boolean => findEdgeFrom(graph, id, name) !== undefined;
  const other =
    port.side === "source"
      ? findTargetPort(id, action, port.kind)
      : findFittingPort(id, action, port.kind, getAction(actions, from), isJoined);
  return other ? createLink(port, other) : null;
}

function getPoint(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}
