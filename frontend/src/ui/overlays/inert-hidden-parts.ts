/**
 * Makes inert what an open menu or dialog hides from assistive technology, so that nothing that can have the focus is
 * hidden. The library behind them sets the attribute alone. Works as long as the page is open.
 */
export function inertHiddenParts(): void {
  const inertParts = new Set<HTMLElement>();
  new MutationObserver(() => {
    const hidden = new Set(document.querySelectorAll<HTMLElement>('[data-aria-hidden="true"]'));
    for (const part of inertParts) {
      if (hidden.has(part)) continue;
      part.inert = false;
      inertParts.delete(part);
    }
    for (const part of hidden) {
      part.inert = true;
      inertParts.add(part);
    }
  }).observe(document.body, { subtree: true, attributeFilter: ["data-aria-hidden"] });
}
