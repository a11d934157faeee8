/** Computes the line of an edge: straight where the ports are level, otherwise with right angles. */
import { getSmoothStepPath, Position } from "@xyflow/react";

const CORNER_RADIUS_PX = 8;
const MIN_STUB_PX = 4;
const MAX_STUB_PX = 16;
/** Up to this difference the line is straight, because corners would have no room. */
const LEVEL_TOLERANCE_PX = 5;

interface EdgeEnds {
  sourceX: number;
  sourceY: number;
  targetX: number;
  targetY: number;
}

interface EdgePath {
  d: string;
  /** The middle of the line, where the + is. */
  x: number;
  y: number;
}

export function computeExecutionPath({ sourceX, sourceY, targetX, targetY }: EdgeEnds): EdgePath {
  if (Math.abs(sourceY - targetY) < LEVEL_TOLERANCE_PX && targetX >= sourceX) {
    return { d: `M${sourceX} ${sourceY}L${targetX} ${targetY}`, x: (sourceX + targetX) / 2, y: sourceY };
  }
  const [d, x, y] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition: Position.Right,
    targetPosition: Position.Left,
    borderRadius: CORNER_RADIUS_PX,
    offset: computeStub(targetX - sourceX),
  });
  return { d, x, y };
}

/** How far the line goes before its first turn: half of a narrow gap, so that it turns in the middle. */
function computeStub(gap: number): number {
  return gap <= 0 ? MAX_STUB_PX : Math.min(MAX_STUB_PX, Math.max(MIN_STUB_PX, gap / 2 - 1));
}

/** The line of an attachment: straight down, with a step where the helper is not below its port. */
export function computeAttachmentPath({ sourceX, sourceY, targetX, targetY }: EdgeEnds): string {
  if (Math.abs(sourceX - targetX) < LEVEL_TOLERANCE_PX)
    return `M${(sourceX + targetX) / 2} ${sourceY}V${targetY}`;
  const [d] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition: Position.Bottom,
    targetPosition: Position.Top,
    borderRadius: CORNER_RADIUS_PX,
    offset: computeStub(targetY - sourceY),
  });
  return d;
}
