import { createContext, use } from "react";
import type { Json, RunInput } from "../api/types";

export interface InspectedRun {
  id: string;
  input: Json | RunInput;
  /** Of the flow, as the run executes it. */
  revision: number;
}

export type InspectRun = (run: InspectedRun) => void;

export const InspectRunContext = createContext<InspectRun>(() => undefined);

/** Opens the run panel with a run, and shows it on the canvas, in the version of the flow that it executed. */
export function useInspectRun(): InspectRun {
  return use(InspectRunContext);
}
