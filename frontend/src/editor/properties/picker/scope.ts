/** Finds, lists and describes the variables that a node can read. Pure. */
import type { Json, ScopeVariable } from "../../../api/types";
import { formatCount, formatNumber } from "../../../ui/format";
import { getRootVariable, isPath, splitPath } from "../../../graph/bindings";

/** A variable, or a field of one. */
export interface PathOption {
  path: string;
  type: string;
  description: string;
  /** The title of the node that sets it. */
  from: string;
  /** 0 for the variable, 1 for a field of it. */
  depth: 0 | 1;
}

/** All paths, each variable before its fields; the variable that is set last comes first. */
export function listPathOptions(scope: readonly ScopeVariable[]): PathOption[] {
  return scope.toReversed().flatMap(({ name, type, title, fields }) => [
    { path: name, type, description: "", from: title, depth: 0 as const },
    ...fields.map((field) => ({
      path: `${name}.${field.name}`,
      type: field.type,
      description: field.description,
      from: title,
      depth: 1 as const,
    })),
  ]);
}

/** The options that contain every word of the query, the exact one first. */
export function filterPathOptions(options: readonly PathOption[], query: string): PathOption[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = options.filter(({ path, from }) => {
    const where = `${path} ${from}`.toLowerCase();
    return words.every((word) => where.includes(word));
  });
  const exact = fitting.filter(({ path }) => path === query.trim());
  return [...exact, ...fitting.filter((option) => !exact.includes(option))];
}

/** The type at a path; null for other expressions and below the known fields. */
export function findType(scope: readonly ScopeVariable[], source: string): string | null {
  return listPathOptions(scope).find(({ path }) => path === source.trim())?.type ?? null;
}

/** Whether a path starts with a variable that does not exist. The server checks other expressions. */
export function isUnknownPath(scope: readonly ScopeVariable[], source: string): boolean {
  return isPath(source) && !scope.some(({ name }) => name === getRootVariable(source));
}

/** The value at a path in `{variable: value}`; undefined when there is none. */
export function findValue(outputs: Record<string, unknown>, source: string): unknown {
  if (!isPath(source)) return undefined;
  return splitPath(source).reduce<unknown>(stepInto, outputs);
}

function stepInto(value: unknown, step: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
}

const MAX_SHOWN_CHARACTERS = 60;

/** A value in a few words, such as `“My HP-9 shows E41…”` or `14 items`. */
export function summarizeValue(value: unknown): string {
  if (typeof value === "string") return `“${cutText(value)}”`;
  if (typeof value === "number") return formatNumber(value);
  if (Array.isArray(value)) return formatCount(value.length, "item");
  return value === undefined ? "" : cutText(JSON.stringify(value));
}

/** `chat_completion_response` → `Chat completion response`. */
export function formatType(type: string): string {
  const words = type.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function cutText(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS).trimEnd()}…` : line;
}

/** Whether two values are the same JSON. */
export function isSameJson(one: Json | undefined, other: Json | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
