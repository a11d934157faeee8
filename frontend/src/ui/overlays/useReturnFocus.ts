import { useState } from "react";

/**
 * Returns the focus to the element that had it before this component was drawn. Radix looks later, when an
 * `autoFocus` inside has already moved it.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    if (!(opener instanceof HTMLElement) || !opener.isConnected) return;
    event.preventDefault();
    opener.focus();
  };
}
