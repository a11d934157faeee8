/** The line of an execution edge: straight where the ports are level, else right-angled. */
import { getSmoothStepPath, Position } from "@xyflow/react";

const CORNER = 8;
const LEAST_STUB = 4;
const MOST_STUB = 16;
/** A step of the grid aside is a slant, for corners would have no room. */
const LEVEL = 5;

interface Ends {
  sourceX: number;
  sourceY: number;
  targetX: number;
  targetY: number;
}

interface EdgePath {
  d: string;
  /** The middle of the line, where the + stands. */
  x: number;
  y: number;
}

export function executionPath({ sourceX, sourceY, targetX, targetY }: Ends): EdgePath {
  if (Math.abs(sourceY - targetY) < LEVEL && targetX >= sourceX) {
    return { d: `M${sourceX} ${sourceY}L${targetX} ${targetY}`, x: (sourceX + targetX) / 2, y: sourceY };
  }
  const [d, x, y] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition: Position.Right,
    targetPosition: Position.Left,
    borderRadius: CORNER,
    offset: stub(targetX - sourceX),
  });
  return { d, x, y };
}

/** How far the line runs on before its first turn: half of a narrow gap, so that it turns in the middle. */
function stub(gap: number): number {
  return gap <= 0 ? MOST_STUB : Math.min(MOST_STUB, Math.max(LEAST_STUB, gap / 2 - 1));
}

/** Straight down from the host's diamond; with a step where the helper stands aside. */
export function attachmentPath({ sourceX, sourceY, targetX, targetY }: Ends): string {
  if (Math.abs(sourceX - targetX) < LEVEL) return `M${sourceX} ${sourceY}L${targetX} ${targetY}`;
  const [d] = getSmoothStepPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    sourcePosition: Position.Bottom,
    targetPosition: Position.Top,
    borderRadius: CORNER,
    offset: stub(targetY - sourceY),
  });
  return d;
}
