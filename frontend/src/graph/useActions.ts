import { createContext, use } from "react";
import type { ActionDescription, GraphNode } from "../api/types";
import { type ActionIndex, getAction } from "./action-index";

export const ActionsContext = createContext<ActionIndex>(new Map());

/** The actions of the catalogue by type. */
export function useActions(): ActionIndex {
  return use(ActionsContext);
}

/** The action of a node, with its cases as branches. */
export function useAction(node: GraphNode): ActionDescription {
  return getAction(useActions(), node);
}
