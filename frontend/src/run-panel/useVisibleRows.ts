import { type RefObject, useLayoutEffect, useState } from "react";

/** Rows that are drawn above and below the view, so that quick scrolling shows no gap. */
const SPARE_ROWS = 8;

/** The visible rows of a list whose rows have one height. Call `measure` when the list scrolls. */
export function useVisibleRows(scroller: RefObject<HTMLElement | null>, row: number, rows: number) {
  const [view, setView] = useState({ top: 0, height: 400 });
  useLayoutEffect(() => {
    const list = scroller.current;
    if (!list) return;
    const observer = new ResizeObserver(() => setView({ top: list.scrollTop, height: list.clientHeight }));
    observer.observe(list);
    return () => observer.disconnect();
  }, [scroller]);
  const first = Math.floor(view.top / row);
  return {
    from: Math.max(0, Math.min(first, rows) - SPARE_ROWS),
    to: Math.min(rows, first + Math.ceil(view.height / row) + SPARE_ROWS),
    measure: (): void => {
      const list = scroller.current;
      if (list) setView({ top: list.scrollTop, height: list.clientHeight });
    },
  };
}
