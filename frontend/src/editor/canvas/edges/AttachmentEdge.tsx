import { BaseEdge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { joinClasses } from "../../../ui/classes";
import { computeAttachmentPath } from "./edge-path";
import { useChangeKind } from "../card/ChangeMark";
import styles from "./edges.module.css";
import type { FlowEdge } from "./ExecutionEdge";

/** The distance from the middle of a diamond to its tip. */
const DIAMOND_RADIUS_PX = 6;

export const AttachmentEdge = memo(function AttachmentEdge(props: EdgeProps<FlowEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, selected } = props;
  const change = useChangeKind(id);
  const ends = {
    sourceX,
    sourceY: sourceY - DIAMOND_RADIUS_PX,
    targetX,
    targetY: targetY + DIAMOND_RADIUS_PX,
  };
  return (
    <BaseEdge
      id={id}
      path={computeAttachmentPath(ends)}
      className={joinClasses(
        styles.edge,
        styles.attachment,
        change && styles[change],
        selected && styles.chosen,
      )}
      interactionWidth={20}
    />
  );
});
