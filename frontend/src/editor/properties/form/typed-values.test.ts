import { describe, expect, test } from "vitest";
import shared from "../../../../../tests/shared/typed_values.json";
import type { PropertyDescription } from "../../../api/types";
import { createAction, createProperty } from "../../../testing/property";
import { readJson } from "../../../graph/typed-json";
import { checkVariableName, describeWhenSet } from "./variable-name";
import { describeLimits, readNumber, stepNumber } from "./typed-number";
import { groupSections } from "./sections";

const temperature = createProperty({ title: "Temperature", type: "number", minimum: 0, maximum: 1 });
const tokens = createProperty({ title: "Max tokens", type: "integer", minimum: 1, maximum: 128_000 });

describe("a figure is read or refused with the reason", () => {
  test.each([
    ["0.2", temperature, { value: 0.2 }],
    [" .5 ", temperature, { value: 0.5 }],
    ["1.", temperature, { value: 1 }],
    ["", temperature, { value: undefined }],
    ["1.5", temperature, { error: "Temperature is at most 1." }],
    ["-1", temperature, { error: "Temperature is at least 0." }],
    ["0,2", temperature, { error: "Write the decimal point as a point: 0.2." }],
    ["warm", temperature, { error: "Temperature is a number." }],
    ["1e3", temperature, { error: "Temperature is a number." }],
    ["4096", tokens, { value: 4096 }],
    ["4096.5", tokens, { error: "Max tokens is a whole number." }],
    ["200000", tokens, { error: "Max tokens is at most 128,000." }],
  ])("%s", (text, limits, read) => expect(readNumber(text, limits)).toEqual(read));
});

describe("as the server takes it", () => {
  test.each(shared.numbers)("$text as $type: $is_taken", ({ text, is_taken, ...limits }) => {
    const property = createProperty(limits as Partial<PropertyDescription>);
    expect("value" in readNumber(text, property)).toBe(is_taken);
  });

  test.each(shared.variable_names)("the name $text: $is_taken", ({ text, is_taken }) =>
    expect(checkVariableName(text, "Name") === null).toBe(is_taken),
  );
});

describe("what stands after a figure", () => {
  test.each([
    [temperature, "0.0 – 1.0"],
    [tokens, "of 128,000"],
    [createProperty({ type: "integer", unit: "seconds", maximum: 10 }), "seconds"],
    [createProperty({ type: "integer", maximum: 10 }), "up to 10"],
    [createProperty({ type: "integer", minimum: 1 }), null],
  ])("%#", (limits, words) => expect(describeLimits(limits)).toBe(words));
});

describe("an arrow key goes one step, within the limits", () => {
  test.each([
    [0.2, 1, temperature, 0.3],
    [1, 1, temperature, 1],
    [undefined, -1, temperature, 0],
    [4096, -1, tokens, 4095],
    [1, -1, tokens, 1],
  ] as const)("from %s by %s", (from, by, limits, to) => expect(stepNumber(from, by, limits)).toBe(to));
});

describe("JSON is read or refused with the place", () => {
  test.each([
    ['{"a": [1]}', { value: { a: [1] } }],
    ["  ", { value: undefined }],
  ])("%s is read", (text, read) => expect(readJson(text)).toEqual(read));
  test.each(['{"a": ', '{"a": 1,\n "b" 2}', "{a: 1}"])("%s is refused", (text) => {
    expect(readJson(text)).toEqual({ error: expect.stringMatching(/^This is not JSON .+\.$/) as string });
  });
});

describe("a variable's name", () => {
  test.each([
    ["message", null],
    ["", null],
    ["_x1", null],
    ["1x", "Name cannot begin with a digit."],
    ["my name", "Name has letters, digits and _ only."],
    ["x".repeat(65), "Name has 64 letters at most."],
  ])("%s: %s", (text, error) => expect(checkVariableName(text, "Name")).toBe(error));

  test("is told when it is set", () => {
    const streaming = {
      ...createAction([]),
      branches: [
        {
          name: "each",
          title: "For each message",
          repeats: true,
          provides: { property: "stream", type: "chat_completion_chunk", fields: [] },
        },
      ],
      outputs: [{ property: "result", default: "r", type: "text", title: "R", fields: [], branch: null }],
    };
    expect(describeWhenSet(streaming, "stream")).toBe("each message");
    expect(describeWhenSet(streaming, "result")).toBe("at the end");
    expect(describeWhenSet(streaming, "other")).toBeNull();
  });
});

test("sections keep the catalogue's order, and rare properties are folded under More", () => {
  const sections = groupSections([
    createProperty({ name: "title" }),
    createProperty({ name: "a", section: "Prompt" }),
    createProperty({ name: "b", section: "Prompt", advanced: true }),
    createProperty({ name: "c", section: "Prompt" }),
    createProperty({ name: "d", section: "Notes" }),
  ]);
  expect(
    sections.map(({ title, folded, properties }) => [title, folded, properties.map(({ name }) => name)]),
  ).toEqual([
    [null, false, ["title"]],
    ["Prompt", false, ["a", "c"]],
    ["More", true, ["b"]],
    ["Notes", false, ["d"]],
  ]);
});
