import { expect, test } from "vitest";
import type { Binding, PropertyDescription } from "../api/types";
import { createProperty } from "../testing/property";
import { getTypingKey } from "./typing-key";

const KEY = "property n prompt";
const list = { type: "list", widget: "list" } as const;
const expression = { expression: "a" };

test.each<
  [string, Partial<PropertyDescription>, Binding | undefined, Binding | undefined, string | undefined]
>([
  ["letters of a text", {}, "a", "ab", KEY],
  ["the first and the last letter", {}, undefined, "a", KEY],
  ["figures of a number", { type: "number", widget: "number" }, 1, 12, KEY],
  ["letters of JSON", { type: "json", widget: "json" }, { a: 1 }, { a: 12 }, KEY],
  ["letters of a condition", { widget: "condition" }, { expression: "a" }, { expression: "ab" }, KEY],
  ["letters of one row", list, ["a", "b"], ["a", "bc"], `${KEY} 1`],
  ["a new last row", list, ["a"], ["a", "b"], `${KEY} 1`],
  ["a removed row", list, ["a", "b"], ["b"], undefined],
  ["the last row that is removed", list, ["a"], undefined, undefined],
  ["a new row in the middle", list, ["a", "b"], ["a", "x", "b"], `${KEY} 1`],
  ["a new first row", list, ["a", "b"], ["x", "a", "b"], `${KEY} 0`],
  ["several rows", list, ["a", "b"], ["x", "y"], undefined],
  ["a switch", { widget: "switch" }, undefined, true, undefined],
  ["a choice", { widget: "select", choices: [] }, "low", "high", undefined],
  ["a connection", { widget: "connection" }, "c1", "c2", undefined],
  ["a variable that is chosen", {}, expression, { expression: "b" }, undefined],
  ["another mode", {}, "text", expression, undefined],
])("%s", (_, change, before, after, key) =>
  expect(getTypingKey({ node: "n", property: createProperty(change), before, after })).toBe(key),
);
