import { type KeyboardEvent, useRef } from "react";

const MOVING_KEYS = new Set(["ArrowDown", "ArrowUp", "Home", "End"]);

/**
 * Handles the keys of a list with a search field: `Enter` does nothing while the search is empty and no arrow key has
 * chosen an entry, because the first entry was chosen by nobody.
 */
export function useEnterGuard(query: string): (event: KeyboardEvent) => void {
  const hasChosen = useRef(false);
  return (event) => {
    if (event.key === "Enter" && query.trim() === "" && !hasChosen.current) event.preventDefault();
    hasChosen.current = MOVING_KEYS.has(event.key);
  };
}
