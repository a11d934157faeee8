/** Writes a variable into the field that a person was in last. Pure. */
import type { ActionDescription, Binding, GraphNode, PropertyDescription } from "../api/types";
import { type ActionIndex, getAction } from "./action-index";
import { findNode, getTitle } from "./document";
import { listVariables } from "./scope";
import type { GraphState } from "./store";

export interface InsertTarget {
  node: GraphNode;
  action: ActionDescription;
  property: PropertyDescription;
  /** The field in words, such as "User Prompt of Answer". */
  title: string;
}

type Places = Pick<GraphState, "graph" | "analysis" | "visits" | "readOnly">;

/** The field that was left last, when it takes the variables of this node; null otherwise. */
export function findInsertTarget(places: Places, actions: ActionIndex, source: string): InsertTarget | null {
  const { graph, analysis, visits, readOnly } = places;
  const node = visits.lastField && findNode(graph, visits.lastField.node);
  if (readOnly || !node) return null;
  const action = getAction(actions, node);
  const property = action.properties.find(({ name }) => name === visits.lastField?.property);
  if (!property || !listVariables(analysis, node.id).some((variable) => variable.node === source))
    return null;
  return takesPath(property)
    ? { node, action, property, title: `${property.title} of ${getTitle(node, action.title)}` }
    : null;
}

function takesPath({ modes }: PropertyDescription): boolean {
  return modes.includes("variable") || modes.includes("template");
}

/** The value with the path in it: behind a text that is there, otherwise alone. */
export function insertPath(
  { modes }: PropertyDescription,
  value: Binding | undefined,
  path: string,
): Binding {
  const segment = `{{ ${path} }}`;
  if (modes.includes("template") && typeof value === "string" && value !== "")
    return `${value}${/\s$/.test(value) ? "" : " "}${segment}`;
  return modes.includes("variable") ? { expression: path } : segment;
}
