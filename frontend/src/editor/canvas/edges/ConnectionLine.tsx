import { type ConnectionLineComponentProps, getBezierPath } from "@xyflow/react";
import { joinClasses } from "../../../ui/classes";
import styles from "./edges.module.css";

/** The line that the person draws, with a halo where it snaps to a port. */
export function ConnectionLine(props: ConnectionLineComponentProps) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, fromHandle, connectionStatus } = props;
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    targetX: toX,
    targetY: toY,
    sourcePosition: fromPosition,
    targetPosition: toPosition,
  });
  const attachment = fromHandle.id?.startsWith("attachment") ?? false;
  return (
    <g>
      {connectionStatus === "valid" ? <circle className={styles.snap} cx={toX} cy={toY} r={12} /> : null}
      <path className={joinClasses(styles.drawn, attachment && styles.drawnAttachment)} d={path} />
    </g>
  );
}
