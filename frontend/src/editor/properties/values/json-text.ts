/** Writes values as text, as people read and copy them. Pure. */
import type { Json } from "../../../api/types";
import { formatCount } from "../../../ui/format";

/** A text as it is; any other value as JSON on several lines. */
export function formatJson(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Whether the value has parts that a row can unfold. */
export function isContainer(value: Json): value is Json[] | { [name: string]: Json } {
  return typeof value === "object" && value !== null;
}

/** The parts of a list or an object, each with its name. */
export function listParts(value: Json[] | { [name: string]: Json }): [string, Json][] {
  return Object.entries(value);
}

/** `6 items`, `3 fields`. */
export function describeContainer(value: Json[] | { [name: string]: Json }): string {
  return Array.isArray(value)
    ? formatCount(value.length, "item")
    : formatCount(Object.keys(value).length, "field");
}

/** The colour class of a value that has no parts. */
export function getTone(value: Json): "string" | "number" | "empty" {
  if (typeof value === "string") return "string";
  return value === null ? "empty" : "number";
}

/** A value without parts in one line. */
export function formatScalar(value: Json): string {
  return typeof value === "string" ? `"${value.slice(0, MAX_LINE_CHARACTERS)}"` : JSON.stringify(value);
}

const MAX_LINE_CHARACTERS = 300;
/** A text above this, or one of several lines, is unfolded to be read whole. */
const MAX_SHORT_CHARACTERS = 40;

export function isLongText(value: Json): value is string {
  return typeof value === "string" && (value.length > MAX_SHORT_CHARACTERS || value.includes("\n"));
}
