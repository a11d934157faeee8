import { expect, test } from "vitest";
import type { Json } from "../api/types";
import { writeSample } from "./schema-sample";

test.each<[string, Json, Json]>([
  [
    "each type",
    {
      type: "object",
      properties: {
        name: { type: "string" },
        size: { type: "integer" },
        urgent: { type: "boolean" },
        tags: { type: "array", items: { type: "string" } },
        any: {},
      },
    },
    { name: "text", size: 1, urgent: true, tags: ["text"], any: null },
  ],
  [
    "the required fields alone",
    { properties: { a: { type: "string" }, b: { type: "string" } }, required: ["b"] },
    { b: "text" },
  ],
  [
    "what the schema gives as a value",
    { properties: { a: { enum: ["x", "y"] }, b: { default: 7 }, c: { const: "z" }, d: { examples: ["e"] } } },
    { a: "x", b: 7, c: "z", d: "e" },
  ],
  [
    "objects in objects",
    { properties: { order: { type: "object", properties: { id: { type: ["string", "null"] } } } } },
    { order: { id: "text" } },
  ],
  ["an object for anything else", true, {}],
])("a sample has %s", (_, schema, sample) => expect(writeSample(schema)).toEqual(sample));
