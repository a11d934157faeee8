import { describe, expect, test } from "vitest";
import { action, property } from "../../../testing/property";
import { readJson } from "../../../graph/typed-json";
import { readName, whenSet } from "./name";
import { limitWords, readNumber, stepNumber } from "./number";
import { sectionsOf } from "./sections";

const temperature = property({ title: "Temperature", type: "number", minimum: 0, maximum: 1 });
const tokens = property({ title: "Max tokens", type: "integer", minimum: 1, maximum: 128_000 });

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

describe("what stands after a figure", () => {
  test.each([
    [temperature, "0.0 – 1.0"],
    [tokens, "of 128,000"],
    [property({ type: "integer", unit: "seconds", maximum: 10 }), "seconds"],
    [property({ type: "integer", maximum: 10 }), "up to 10"],
    [property({ type: "integer", minimum: 1 }), null],
  ])("%#", (limits, words) => expect(limitWords(limits)).toBe(words));
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
  ])("%s: %s", (text, error) => expect(readName(text, "Name")).toBe(error));

  test("is told when it is set", () => {
    const streaming = {
      ...action([]),
      branches: [
        {
          name: "each",
          title: "For each message",
          repeats: true,
          provides: { property: "stream", type: "message", fields: [] },
        },
      ],
      outputs: [{ property: "result", default: "r", type: "text", title: "R", fields: [], branch: null }],
    };
    expect(whenSet(streaming, "stream")).toBe("each message");
    expect(whenSet(streaming, "result")).toBe("at the end");
    expect(whenSet(streaming, "other")).toBeNull();
  });
});

test("sections keep the catalogue's order, and rare properties are folded under More", () => {
  const sections = sectionsOf([
    property({ name: "title" }),
    property({ name: "a", section: "Prompt" }),
    property({ name: "b", section: "Prompt", advanced: true }),
    property({ name: "c", section: "Prompt" }),
    property({ name: "d", section: "Notes" }),
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
