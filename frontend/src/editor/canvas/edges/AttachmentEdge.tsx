import { BaseEdge, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { classes } from "../../../ui/classes";
import { attachmentPath } from "./edge-path";
import styles from "./edges.module.css";
import type { FlowEdge } from "./ExecutionEdge";

/** From diamond to diamond. */
const DIAMOND = 6;

export const AttachmentEdge = memo(function AttachmentEdge(props: EdgeProps<FlowEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, selected } = props;
  const ends = { sourceX, sourceY: sourceY - DIAMOND, targetX, targetY: targetY + DIAMOND };
  return (
    <BaseEdge
      id={id}
      path={attachmentPath(ends)}
      className={classes(styles.edge, styles.attachment, selected && styles.chosen)}
      interactionWidth={20}
    />
  );
});
