import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from "@xyflow/react";
import { memo } from "react";
import type { GraphEdge } from "../../../api/types";
import { useGraph } from "../../../graph/useGraph";
import { joinClasses } from "../../../ui/classes";
import { Icon } from "../../../ui/icons/Icon";
import { useEdgeRun } from "./useEdgeRun";
import { computeExecutionPath } from "./edge-path";
import { useChangeKind } from "../card/ChangeMark";
import styles from "./edges.module.css";
import { changeCanvasUi, useCanvasUi } from "../ui-store";

export type FlowEdge = Edge<{ edge: GraphEdge }, "execution" | "attachment">;

/**
 * React Flow gives the outer side of the 24 px target. The line goes from the tip of one triangle to the base of the
 * next.
 */
const TRIANGLE_TIP_PX = 6;
const TRIANGLE_BASE_PX = 7;

export const ExecutionEdge = memo(function ExecutionEdge(props: EdgeProps<FlowEdge>) {
  const { id, sourceX, sourceY, targetX, targetY, selected, data } = props;
  const run = useEdgeRun(data?.edge ?? MISSING_EDGE);
  const taking = useCanvasUi((ui) => ui.dropEdge === id);
  const line = computeExecutionPath({
    sourceX: sourceX - TRIANGLE_TIP_PX,
    sourceY,
    targetX: targetX + TRIANGLE_BASE_PX,
    targetY,
  });
  const change = useChangeKind(id);
  const look = taking || selected ? styles.chosen : change ? styles[change] : styles[run];
  return (
    <>
      {run === "active" ? <path className={styles.bed} d={line.d} /> : null}
      <BaseEdge id={id} path={line.d} className={joinClasses(styles.edge, look)} interactionWidth={20} />
      {run === "failed" ? <path className={styles.cross} d={drawCross(line.x, line.y)} /> : null}
      {selected ? <InsertButton edge={id} x={line.x} y={line.y} /> : null}
    </>
  );
});

const MISSING_EDGE: GraphEdge = {
  id: "",
  kind: "execution",
  source: "",
  source_port: "",
  target: "",
  target_port: "",
};

function drawCross(x: number, y: number): string {
  return `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x + 5} ${y - 5}L${x - 5} ${y + 5}`;
}

/** The round + in the middle of a selected edge. */
function InsertButton({ edge, x, y }: { edge: string; x: number; y: number }) {
  const readOnly = useGraph((graph) => graph.readOnly);
  if (readOnly) return null;
  return (
    <EdgeLabelRenderer>
      <button
        type="button"
        className={`${styles.insert ?? ""} nodrag nopan`}
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        aria-label="Insert an action here"
        onClick={({ clientX, clientY }) =>
          changeCanvasUi({ picker: { at: { x: clientX, y: clientY }, target: { kind: "edge", edge } } })
        }
      >
        <Icon name="add" size={12} />
      </button>
    </EdgeLabelRenderer>
  );
}
