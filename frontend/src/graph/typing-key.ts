/** Which edits of a property are the typing of one text, so that undo takes them back together. Pure. */
import type { Binding, PropertyDescription } from "../api/types";
import { getExpression } from "./bindings";

type TypedProperty = Pick<PropertyDescription, "name" | "widget" | "choices" | "modes">;

interface PropertyEdit {
  node: string;
  property: TypedProperty;
  before: Binding | undefined;
  after: Binding | undefined;
}

const CHOOSING_WIDGETS = ["connection", "collection", "flow", "switch", "select"];

/**
 * The key under which an edit continues the one before it; undefined for what is chosen, added, removed or switched,
 * which undo takes back alone.
 */
export function getTypingKey({ node, property, before, after }: PropertyEdit): string | undefined {
  const key = `property ${node} ${property.name}`;
  if (property.choices || CHOOSING_WIDGETS.includes(property.widget)) return undefined;
  if (Array.isArray(before) || Array.isArray(after)) return getRowKey(key, toRows(before), toRows(after));
  const written = [before, after].map((value) => getExpression(property, value) !== null);
  if (written.includes(true)) return property.widget === "condition" ? key : undefined;
  return [before, after].some((value) => typeof value === "boolean") ? undefined : key;
}

/** The key of the one row whose text changed, or that was begun. */
function getRowKey(key: string, before: readonly unknown[], after: readonly unknown[]): string | undefined {
  const added = after.length - before.length;
  const at = after.findIndex((row, index) => row !== before[index]);
  const isOneRow = after.slice(at + 1).every((row, index) => row === before[at + 1 - added + index]);
  return (added === 0 || added === 1) && at >= 0 && isOneRow ? `${key} ${at}` : undefined;
}

function toRows(value: Binding | undefined): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
