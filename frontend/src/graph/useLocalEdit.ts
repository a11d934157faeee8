import { useEffect, useRef } from "react";
import { recordLocalEdit } from "./store";

/**
 * Lets undo take back what a field keeps outside the graph, such as an empty row. `begin` records it once, until it is
 * taken back or `end` says that it became a value or is gone.
 */
export function useLocalEdit() {
  const forget = useRef<(() => void) | null>(null);
  const end = (): void => {
    forget.current?.();
    forget.current = null;
  };
  const begin = (label: string, takeBack: () => void): void => {
    forget.current ??= recordLocalEdit(label, () => {
      forget.current = null;
      takeBack();
    });
  };
  useEffect(() => end, []);
  return { begin, end };
}
