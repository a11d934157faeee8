import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { ActionDescription, GraphNode } from "../../../api/types";
import { useActions } from "../../../graph/useActions";
import { isDisabled } from "../../../graph/document";
import { getRunOrder, type RunPlace } from "../../../graph/run-order";
import { useGraph } from "../../../graph/useGraph";
import { type CardState, useCardState } from "./card-state";
import { joinClasses } from "../../../ui/classes";
import { AttachmentPorts } from "./AttachmentPorts";
import { CardHead } from "./CardHead";
import { CardNote } from "./CardNote";
import { DataRows } from "./DataRows";
import { ExecutionRows } from "./ExecutionRows";
import { ChangeMark, useChangeKind } from "./ChangeMark";
import styles from "./NodeCard.module.css";
import { computeCardSize } from "../placement/geometry";
import { OutputRows } from "./OutputRows";
import { PortPlaces } from "./PortPlaces";
import { StreamWell } from "./StreamWell";
import { useIsNear } from "./useIsNear";

export type CardNode = Node<{ node: GraphNode; action: ActionDescription }, "card">;

/**
 * The card of a node: its title, its run, its properties and its outputs. Its size never depends on a run. Far outside
 * the view only its head is drawn, because a run changes the store once a frame, and each part of a card listens.
 */
export const NodeCard = memo(function NodeCard(props: NodeProps<CardNode>) {
  const { node, action } = props.data;
  const actions = useActions();
  const place = useGraph(({ graph }) => getRunOrder(graph, actions).places.get(node.id));
  const state = useCardState(node.id, place, isDisabled(node));
  const size = computeCardSize(action);
  const change = useChangeKind(node.id);
  const isNear = useIsNear({ x: props.positionAbsoluteX, y: props.positionAbsoluteY, ...size });
  return (
    <>
      <article
        className={joinClasses(
          styles.card,
          styles[action.role],
          styles[state],
          props.selected && styles.selected,
          change && styles[`was-${change}`],
          !isNear && styles.far,
        )}
        data-state={state}
      >
        <CardHead node={node} action={action} state={state} />
        {isNear ? <CardBody node={node} action={action} state={state} place={place} /> : null}
        <CardNote node={node.id} state={state} />
        <ChangeMark id={node.id} />
      </article>
      {isNear ? null : <PortPlaces action={action} />}
    </>
  );
});

interface CardBodyProps {
  node: GraphNode;
  action: ActionDescription;
  state: CardState;
  place: RunPlace | undefined;
}

function CardBody({ node, action, state, place }: CardBodyProps) {
  return (
    <>
      {action.role === "helper" ? null : (
        <ExecutionRows node={node} action={action} state={state} place={place} />
      )}
      {action.streams ? <StreamWell node={node.id} state={state} /> : null}
      <DataRows node={node} action={action} />
      <OutputRows node={node} action={action} state={state} />
      <AttachmentPorts node={node.id} action={action} />
    </>
  );
}
