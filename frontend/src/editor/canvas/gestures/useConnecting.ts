import { type Connection, type Edge, type FinalConnectionState, useReactFlow } from "@xyflow/react";
import { type ActionIndex, actionOf } from "../../../graph/action-index";
import { useActions } from "../../../graph/useActions";
import type { Link } from "../../../graph/commands/edges";
import { edgeFrom, findNode } from "../../../graph/document";
import { canConnect, fittingPort, linkOf, type Port, targetPort } from "../../../graph/rules";
import { graphStore } from "../../../graph/store";
import { joinPorts } from "../acts";
import { portOf } from "../card/Ports";
import { changeUi } from "../ui-store";

/** Drawing an edge by hand: onto a port, onto a card, or onto the ground, where the palette opens. */
export function useConnecting() {
  const actions = useActions();
  const { screenToFlowPosition } = useReactFlow();
  const fits = (link: Link | null): link is Link =>
    link !== null && canConnect(graphStore.getState().graph, actions, link);
  return {
    isValidConnection: (connection: Connection | Edge): boolean => fits(linkBetween(connection)),
    onConnect: (connection: Connection): void => {
      const link = linkBetween(connection);
      if (fits(link)) joinPorts(link);
    },
    onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
      const from = state.fromHandle;
      if (!from?.id || state.isValid) return;
      const port = portOf(from.nodeId, from.type, from.id);
      const at = pointOf(event);
      const card = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>(".react-flow__node");
      const link = card ? linkToCard(actions, port, card.dataset.id ?? "") : null;
      if (fits(link)) joinPorts(link);
      else if (!card)
        changeUi({ picker: { at, target: { kind: "port", port, position: screenToFlowPosition(at) } } });
    },
  };
}

function linkBetween({ source, sourceHandle, target, targetHandle }: Connection | Edge): Link | null {
  if (!sourceHandle || !targetHandle) return null;
  return linkOf(portOf(source, "source", sourceHandle), portOf(target, "target", targetHandle));
}

/** A drop anywhere on a card goes to the one port that can be meant. */
export function linkToCard(actions: ActionIndex, port: Port, id: string): Link | null {
  const { graph } = graphStore.getState();
  const node = findNode(graph, id);
  const from = findNode(graph, port.node);
  if (!node || !from) return null;
  const action = actionOf(actions, node);
  const isJoined = ({ name }: Port): boolean => edgeFrom(graph, id, name) !== undefined;
  const other =
    port.side === "source"
      ? targetPort(id, action, port.kind)
      : fittingPort(id, action, port.kind, actionOf(actions, from), isJoined);
  return other ? linkOf(port, other) : null;
}

function pointOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}
