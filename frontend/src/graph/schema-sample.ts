/** Writes a body that a JSON Schema describes, to be changed by hand. Pure. */
import type { Json } from "../api/types";

type Schema = Record<string, Json>;

const MAX_DEPTH = 5;
const SAMPLES: Record<string, Json> = { string: "text", number: 1, integer: 1, boolean: true, null: null };

/** The required fields of the body, or all of them when none is required. */
export function writeSample(schema: Json, depth = 0): Json {
  if (!isObject(schema)) return {};
  const given = [schema.const, schema.default, listItems(schema.examples)[0], listItems(schema.enum)[0]].find(
    (value) => value !== undefined,
  );
  if (given !== undefined) return given;
  if (isObject(schema.properties)) return depth < MAX_DEPTH ? writeFields(schema, depth) : {};
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array")
    return depth < MAX_DEPTH && isObject(schema.items) ? [writeSample(schema.items, depth + 1)] : [];
  return (
    (typeof type === "string" ? SAMPLES[type] : undefined) ?? (depth === 0 || type === "object" ? {} : null)
  );
}

function writeFields(schema: Schema, depth: number): Json {
  const fields = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const required = listItems(schema.required);
  const shown = required.length > 0 ? fields.filter(([name]) => required.includes(name)) : fields;
  return Object.fromEntries(shown.map(([name, field]) => [name, writeSample(field, depth + 1)]));
}

function isObject(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listItems(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
