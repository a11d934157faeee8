/** Reads JSON as it is typed. Pure. */
import type { Json, PropertyDescription } from "../api/types";

const TEXT_LITERAL = /"(?:\\.|[^"\\])*"/g;
const BAD_TEXT =
  "A text has the character \\u0000, or half of a pair such as \\ud83d, which cannot be saved.";

export type ParsedJson = { value: Json | undefined } | { error: string };

/** The JSON in a text, or where the text stops being JSON. An empty text is no value and no error. */
export function readJson(text: string): ParsedJson {
  if (text.trim() === "") return { value: undefined };
  try {
    const value = JSON.parse(text) as Json;
    const fault = findLostNumber(text) ?? findBadText(value);
    return fault ? { error: fault } : { value };
  } catch (error) {
    return { error: `This is not JSON ${describePlace(error, text)}.` };
  }
}

/** Why a number of the text would be saved as another one: the browser holds about 16 digits, up to 1.8e308. */
function findLostNumber(text: string): string | null {
  const numbers = text.replace(TEXT_LITERAL, "").match(/-?\d[\d.eE+-]*/g) ?? [];
  const lost = numbers.find((digits) => !isKeptExactly(digits));
  return lost === undefined
    ? null
    : `The browser cannot keep the number ${lost.slice(0, 40)}. Write it as a text.`;
}

/** Whether the number that a browser makes of the digits has the same value, or is the nearest fraction. */
export function isKeptExactly(digits: string): boolean {
  const number = Number(digits);
  return Number.isFinite(number) && (!/^-?\d+$/.test(digits) || BigInt(digits) === BigInt(number));
}

/** Why a text, or a key, would be refused by the server. */
function findBadText(value: Json): string | null {
  if (typeof value === "string") return /[\0\p{Cs}]/u.test(value) ? BAD_TEXT : null;
  if (typeof value !== "object" || value === null) return null;
  const parts: Json[] = Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)];
  return parts.some((part) => findBadText(part)) ? BAD_TEXT : null;
}

/** The value of a property in a text. Where texts may have expressions, the error says how to write them. */
export function readPropertyJson({ title, type, verbatim }: PropertyDescription, text: string): ParsedJson {
  const read = readJson(text);
  if ("error" in read) {
    const bare = !verbatim && hasBareExpression(text);
    return bare ? { error: 'An expression stands in quotes, as in "{{ name }}".' } : read;
  }
  const object = typeof read.value === "object" && read.value !== null && !Array.isArray(read.value);
  if (type === "json" && read.value !== undefined && !object)
    return { error: `${title} is an object, as in {"name": "value"}.` };
  return read;
}

/** Whether this index of a text is inside quotes. */
export function isQuoted(text: string, place: number): boolean {
  return (text.slice(0, place).replace(/\\./g, "").match(/"/g)?.length ?? 0) % 2 === 1;
}

function hasBareExpression(text: string): boolean {
  return [...text.matchAll(/\{\{/g)].some(({ index }) => !isQuoted(text, index));
}

export function writeJson(value: Json | undefined): string {
  return value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
}

/** Where the text stops being JSON. Browsers report a line, a position, the character, or the end of the text. */
function describePlace(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : "";
  const line = /line (\d+)/.exec(message)?.[1];
  const position = /position (\d+)/.exec(message)?.[1];
  const letter = /token '?(.)'?/.exec(message)?.[1];
  if (line) return `in line ${line}`;
  if (position) return `in line ${text.slice(0, Number(position)).split("\n").length}`;
  return letter ? `at “${letter}”` : "yet: it ends too early";
}
