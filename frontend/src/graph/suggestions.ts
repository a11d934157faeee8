/** What a property most likely takes, from the variables and resources that are there. Pure. */
import type { ActionDescription, Binding, Graph, PropertyDescription, ScopeVariable } from "../api/types";
import type { ActionIndex } from "./action-index";
import { listVariablesBefore } from "./variables-before";

/** The connections and collections that a new node can use. */
export interface OfferedResources {
  connections: readonly { id: string; kind: string }[];
  collections: readonly { id: string }[];
}

/** The path of the one variable, or field of one, that fits; null when none fits, or several do. */
export function findSuggestedPath(
  { suggests, modes }: Pick<PropertyDescription, "suggests" | "modes">,
  scope: readonly ScopeVariable[],
): string | null {
  if (!modes.includes("variable")) return null;
  return getOnly(
    suggests.flatMap((wanted) => scope.flatMap((variable) => listFittingPaths(variable, wanted))),
  );
}

function listFittingPaths({ name, type, fields }: ScopeVariable, wanted: string): string[] {
  const [wantedType, wantedField] = wanted.split(".");
  if (type !== wantedType) return [];
  if (wantedField === undefined) return [name];
  return fields.some((field) => field.name === wantedField) ? [`${name}.${wantedField}`] : [];
}

interface NewNode {
  id: string;
  action: ActionDescription;
}

/** The values of a new node in its place in the graph: for each required property, the only one that fits. */
export function suggestProperties(
  graph: Graph,
  actions: ActionIndex,
  { id, action }: NewNode,
  offered: OfferedResources,
): Record<string, Binding> {
  const scope = listVariablesBefore(graph, actions, id);
  const required = action.properties.filter((property) => property.required);
  const found = required.map((property) => [property.name, suggestValue(property, scope, offered)] as const);
  return Object.fromEntries(found.filter((each): each is [string, Binding] => each[1] !== null));
}

function suggestValue(
  property: PropertyDescription,
  scope: readonly ScopeVariable[],
  { connections, collections }: OfferedResources,
): Binding | null {
  const { type, connection_kind: kind } = property;
  if (type === "connection")
    return getOnly(connections.filter((each) => kind === null || each.kind === kind).map(({ id }) => id));
  if (type === "collection") return getOnly(collections.map(({ id }) => id));
  const path = findSuggestedPath(property, scope);
  return path === null ? null : { expression: path };
}

function getOnly<T>(items: readonly T[]): T | null {
  return items.length === 1 ? (items[0] ?? null) : null;
}
