import { create } from "zustand";

/** Families that were folded stay folded while the page is open. */
const useFolded = create<{ folded: ReadonlySet<string> }>()(() => ({ folded: new Set() }));

export function useOpenFamilies() {
  const { folded } = useFolded();
  return {
    isOpen: (family: string): boolean => !folded.has(family),
    toggle: (family: string): void => {
      const next = new Set(folded);
      if (!next.delete(family)) next.add(family);
      useFolded.setState({ folded: next });
    },
  };
}
