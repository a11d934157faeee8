import { create } from "zustand";

/** The folded families, which stay folded while the page is open. */
const useFoldedFamilies = create<{ folded: ReadonlySet<string> }>()(() => ({ folded: new Set() }));

export function useOpenFamilies() {
  const { folded } = useFoldedFamilies();
  return {
    isOpen: (family: string): boolean => !folded.has(family),
    toggle: (family: string): void => {
      const next = new Set(folded);
      if (!next.delete(family)) next.add(family);
      useFoldedFamilies.setState({ folded: next });
    },
  };
}
