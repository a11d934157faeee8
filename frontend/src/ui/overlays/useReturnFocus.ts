import { useState } from "react";

/**
 * Give the focus back to what had it before this component was drawn. Radix looks when its effects run,
 * and by then an `autoFocus` inside has taken it.
 */
export function useReturnFocus(): (event: Event) => void {
  const [opener] = useState(() => document.activeElement);
  return (event) => {
    if (!(opener instanceof HTMLElement) || !opener.isConnected) return;
    event.preventDefault();
    opener.focus();
  };
}
