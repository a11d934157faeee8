/** Writes a value in the short form of a card; the properties panel shows the whole. Pure. */
import type { Binding, Json, Problem, PropertyDescription, RunWarning } from "../../../api/types";
import { getExpression, isPath } from "../../../graph/bindings";
import { describeNeed } from "../../../graph/judged-problems";
import { formatCount } from "../../../ui/format";

export interface Cell {
  text: string;
  /** The whole value, for the tooltip. */
  whole: string;
  look: "literal" | "variable" | "default" | "todo" | "warning";
  /** The property has a value. */
  set: boolean;
}

const MAX_CELL_CHARACTERS = 60;

/** The name of a port on a card: `maxCompletionTokens` for the property *Max Completion Tokens*. */
export function getPortName(title: string): string {
  const [first = "", ...more] = title.split(" ");
  return first.toLowerCase() + more.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

interface CellContext {
  problem?: Problem | undefined;
  warning?: RunWarning | undefined;
  /** The names of connections, collections and flows by id. */
  names: ReadonlyMap<string, string>;
  /** A missing value is only to do yet. */
  isCalm?: boolean;
}

export function describeCell(
  property: PropertyDescription,
  value: Binding | undefined,
  context: CellContext,
): Cell {
  const cell =
    value === undefined ? describeUnset(property, context) : describeGiven(property, value, context);
  const warning = context.warning ?? (context.problem?.severity === "warning" ? context.problem : undefined);
  if (warning)
    return {
      ...cell,
      text: describeWarning(warning.code, cell.text),
      whole: warning.message,
      look: "warning",
    };
  return context.problem ? { ...cell, whole: context.problem.message, look: "warning" } : cell;
}

function describeUnset(property: PropertyDescription, { problem, isCalm }: CellContext): Cell {
  const required = property.required || problem?.severity === "error";
  if (property.required && isCalm)
    return { text: describeNeed(property), whole: property.description, look: "todo", set: false };
  if (required)
    return { text: "required", whole: `${property.title} is required.`, look: "warning", set: false };
  const text = formatBrief(property.default) || "none";
  return { text, whole: `Not set: ${text}`, look: "default", set: false };
}

function describeGiven(property: PropertyDescription, value: Binding, { names }: CellContext): Cell {
  const expression = getExpression(property, value);
  if (expression !== null) {
    return { text: shortenPath(expression), whole: expression, look: "variable", set: true };
  }
  const named = typeof value === "string" ? names.get(value) : undefined;
  const titled = property.choices?.find((choice) => choice.value === value)?.title;
  const text = named ?? titled ?? formatBrief(value);
  return { text, whole: named ?? formatWhole(value), look: "literal", set: true };
}

/** The end of a path, because the beginnings of paths are often the same. */
function shortenPath(expression: string): string {
  const end = isPath(expression) ? /\.\w+$/.exec(expression) : null;
  return end ? `…${end[0].slice(1)}` : expression.slice(0, MAX_CELL_CHARACTERS);
}

/** Whether the row of the property says the warning in words. */
export function isSaidOnRow(code: string): boolean {
  return code.endsWith("_not_sent");
}

function describeWarning(code: string, value: string): string {
  return isSaidOnRow(code) ? "not sent" : value;
}

/** A value in a few words: `You are the supp`, `4,096`, `3 items`. */
export function formatBrief(value: Json | undefined): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return value.toLocaleString("en");
  if (typeof value === "string") return value.replace(/\s+/g, " ").slice(0, MAX_CELL_CHARACTERS);
  if (Array.isArray(value)) return formatCount(value.length, "item");
  return formatCount(Object.keys(value).length, "field");
}

/** An output in a few words: the text of a record that has one, otherwise as `formatBrief`. */
export function previewOutput(value: Json | undefined): string {
  const text = findText(value);
  return text === null ? formatBrief(value) : `“${formatBrief(text.trim())}”`;
}

function findText(value: Json | undefined): string | null {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return [value.text, value.prompt].find((each) => typeof each === "string") ?? null;
}

function formatWhole(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
