/** The catalogue by action type, and what stands in for an action that the server no longer has. */
import { createContext, useContext } from "react";
import type { ActionDescription, Catalogue, Graph, GraphNode } from "../api/types";

export type ActionIndex = ReadonlyMap<string, ActionDescription>;

export function indexActions(catalogue: Catalogue): ActionIndex {
  return new Map(catalogue.actions.map((action) => [action.type, action]));
}

export function actionOf(actions: ActionIndex, node: GraphNode): ActionDescription {
  return actions.get(node.action) ?? unknownAction(node.action);
}

/** Keeps a card on the canvas whose action is gone, so that its edges and its properties are not lost. */
function unknownAction(type: string): ActionDescription {
  return {
    type,
    title: type,
    family: "",
    role: "action",
    summary: "This action is not installed here.",
    icon_url: "",
    docs_url: "",
    width: 204,
    streams: false,
    input: true,
    branches: [{ name: "continue", title: "Continue", repeats: false, provides: null }],
    attachments: [],
    outputs: [],
    properties: [],
  };
}

export function hasTrigger(graph: Graph, actions: ActionIndex): boolean {
  return graph.nodes.some((node) => actionOf(actions, node).role === "trigger");
}

export const ActionsContext = createContext<ActionIndex>(new Map());

export function useActions(): ActionIndex {
  return useContext(ActionsContext);
}

export function useAction(node: GraphNode): ActionDescription {
  return actionOf(useActions(), node);
}
