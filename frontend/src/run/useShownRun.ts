import { useStore } from "zustand";
import { type ShownRun, shownRunStore } from "./store";

/** Reads a part of the shown run. The component is drawn again when that part changes. */
export function useShownRun<Part>(select: (shown: ShownRun) => Part): Part {
  return useStore(shownRunStore, select);
}
