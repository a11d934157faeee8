import { useStore } from "zustand";
import { type GraphState, graphStore } from "./store";

/** Reads a part of the graph store. The component is drawn again when that part changes. */
export function useGraph<Part>(select: (state: GraphState) => Part): Part {
  return useStore(graphStore, select);
}
