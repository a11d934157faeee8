import { useStore } from "@xyflow/react";
import type { Box } from "../placement/geometry";

/** How far outside the view a card is still drawn whole, so that panning shows no empty card. */
const MARGIN_PX = 300;

/** Whether the card is in the view, or close to it. */
export function useIsNear({ x, y, width, height }: Box): boolean {
  return useStore(({ transform: [panX, panY, zoom], width: viewWidth, height: viewHeight }) => {
    const left = x * zoom + panX;
    const top = y * zoom + panY;
    return (
      left < viewWidth + MARGIN_PX &&
      left + width * zoom > -MARGIN_PX &&
      top < viewHeight + MARGIN_PX &&
      top + height * zoom > -MARGIN_PX
    );
  });
}
