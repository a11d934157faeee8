/**
 * How a property gets its value: a literal, an expression, or a text with `{{ expression }}` segments. The server has
 * the same rules in `flows/graph/bindings.py`; both are tested against `tests/shared/bindings.json`. Pure.
 */
import type { Expression, PropertyDescription } from "../api/types";

export interface Segment {
  kind: "expression" | "token";
  /** Where the segment is in the text, including its braces. */
  from: number;
  to: number;
  /** The expression without its braces, or the token. */
  source: string;
}

/** Whether a value has the shape of an expression. Ask `getExpression` whether it is one at its place. */
export function isExpression(value: unknown): value is Expression {
  if (typeof value !== "object" || value === null) return false;
  const names = Object.keys(value);
  return names.length === 1 && "expression" in value && typeof value.expression === "string";
}

/**
 * The expression that gives a property its value; null when the value is a literal. Where a property takes no
 * variable, an object with the one name `expression` is a literal, such as the variables of a node.
 */
export function getExpression({ modes }: Pick<PropertyDescription, "modes">, value: unknown): string | null {
  return modes.includes("variable") && isExpression(value) ? value.expression : null;
}

const PATH_PATTERN = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d{1,9}\])*$/;
const CONSTANTS = ["true", "false", "null"];

/** Whether an expression is nothing but a path, such as `searchResult.matches[0].text`. */
export function isPath(expression: string): boolean {
  return PATH_PATTERN.test(expression) && !CONSTANTS.includes(expression);
}

/** The names and indices of a path, from the variable on. */
export function splitPath(path: string): string[] {
  return path.match(/\w+/g) ?? [];
}

/** The name that an expression begins with: of a path, its variable. */
export function getRootVariable(expression: string): string {
  return /^\w*/.exec(expression)?.[0] ?? "";
}

/** The segments of a text, in order. The text is read once from the left, as the server reads it. */
export function findSegments(text: string, tokens: readonly string[] = []): Segment[] {
  const expressions = findExpressions(text);
  const found = tokens.flatMap((token) => findTokens(text, token));
  const free = found.filter(
    (token) => !expressions.some(({ from, to }) => token.from < to && token.to > from),
  );
  return [...expressions, ...free].sort((one, other) => one.from - other.from);
}

export function hasSegments(text: string, tokens: readonly string[] = []): boolean {
  return text.includes("{{") || tokens.some((token) => findTokens(text, token).length > 0);
}

function findExpressions(text: string): Segment[] {
  const found: Segment[] = [];
  let position = 0;
  for (;;) {
    const from = text.indexOf("{{", position);
    const end = from < 0 ? -1 : findSegmentEnd(text, from + 2);
    if (end < 0) return found;
    found.push({ kind: "expression", from, to: end + 2, source: text.slice(from + 2, end).trim() });
    position = end + 2;
  }
}

/** Where the `}}` of the segment is, or -1. A `}}` in quotes or in inner braces does not count. */
function findSegmentEnd(text: string, start: number): number {
  let quote = "";
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const letter = text.charAt(index);
    if (quote) {
      if (letter === quote && text.charAt(index - 1) !== "\\") quote = "";
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === "{") depth += 1;
    else if (letter === "}" && depth > 0) depth -= 1;
    else if (text.startsWith("}}", index)) return index;
  }
  return -1;
}

/** Finds a token. `@@context` is not in `@@contextual`. */
function findTokens(text: string, token: string): Segment[] {
  const found: Segment[] = [];
  for (let from = text.indexOf(token); from >= 0; from = text.indexOf(token, from + token.length)) {
    const to = from + token.length;
    if (!/\w/.test(text.charAt(to))) found.push({ kind: "token", from, to, source: token });
  }
  return found;
}
