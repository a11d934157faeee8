import { useStore } from "zustand";
import { type GraphState, graphStore } from "./store";

/** The part of the graph store that `select` takes; the component is drawn anew when that part changes. */
export function useGraph<Part>(select: (state: GraphState) => Part): Part {
  return useStore(graphStore, select);
}
