import { useStore } from "zustand";
import { type ShownRun, shownRunStore } from "./store";

/** The part of the shown run that `select` takes; the component is drawn anew when that part changes. */
export function useShownRun<Part>(select: (shown: ShownRun) => Part): Part {
  return useStore(shownRunStore, select);
}
