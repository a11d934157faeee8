import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { ActionDescription, GraphNode } from "../../../api/types";
import { useActions } from "../../../graph/useActions";
import { isDisabled } from "../../../graph/document";
import { getRunOrder } from "../../../graph/run-order";
import { useGraph } from "../../../graph/useGraph";
import { useCardState } from "./card-state";
import { joinClasses } from "../../../ui/classes";
import { AttachmentPorts } from "./AttachmentPorts";
import { CardHead } from "./CardHead";
import { DataRows } from "./DataRows";
import { ExecutionRows } from "./ExecutionRows";
import { FailureNote } from "./FailureNote";
import styles from "./NodeCard.module.css";
import { OutputRows } from "./OutputRows";
import { StreamWell } from "./StreamWell";

export type CardNode = Node<{ node: GraphNode; action: ActionDescription }, "card">;

/** The card of a node: its title, its run, its properties and its outputs. Its size never depends on a run. */
export const NodeCard = memo(function NodeCard({ data: { node, action }, selected }: NodeProps<CardNode>) {
  const actions = useActions();
  const place = useGraph(({ graph }) => getRunOrder(graph, actions).places.get(node.id));
  const state = useCardState(node.id, place, isDisabled(node));
  const helper = action.role === "helper";
  return (
    <article
      className={joinClasses(styles.card, styles[action.role], styles[state], selected && styles.selected)}
      data-state={state}
    >
      <CardHead node={node} action={action} state={state} />
      {helper ? null : <ExecutionRows node={node} action={action} state={state} place={place} />}
      {action.streams ? <StreamWell node={node.id} state={state} /> : null}
      <DataRows node={node} action={action} />
      <OutputRows node={node} action={action} state={state} />
      <AttachmentPorts node={node.id} action={action} />
      {state === "failed" ? <FailureNote node={node.id} /> : null}
    </article>
  );
});
