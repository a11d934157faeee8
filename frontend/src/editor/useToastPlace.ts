import { type RefObject, useEffect } from "react";
import { placeToasts } from "../ui/feedback/toasts";

/**
 * Keeps the toasts in the corner of the first part of `column`, which is the canvas, while the editor is open: there
 * they cover no figure of a run and no property.
 */
export function useToastPlace(column: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const canvas = column.current?.firstElementChild;
    if (!canvas) return;
    const observer = new ResizeObserver(() => {
      const { right, bottom } = canvas.getBoundingClientRect();
      placeToasts({ right: innerWidth - right, bottom: innerHeight - bottom });
    });
    observer.observe(canvas);
    return () => {
      observer.disconnect();
      placeToasts(null);
    };
  }, [column]);
}
