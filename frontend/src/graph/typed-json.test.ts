import { describe, expect, it } from "vitest";
import { createProperty } from "../testing/property";
import { readJson, readPropertyJson } from "./typed-json";

const variables = createProperty({ name: "variables", title: "Variables", type: "json", widget: "json" });

describe("JSON whose texts may hold expressions", () => {
  it.each<[string, unknown]>([
    ['{"who": "{{ request.order }}"}', { value: { who: "{{ request.order }}" } }],
    ['{"who": {{ request.order }}}', { error: 'An expression stands in quotes, as in "{{ name }}".' }],
    ['{"quote": "\\"", "who": {{ x }}}', { error: 'An expression stands in quotes, as in "{{ name }}".' }],
    ["[1]", { error: 'Variables is an object, as in {"name": "value"}.' }],
    ["", { value: undefined }],
  ])("%s", (text, read) => {
    expect(readPropertyJson(variables, text)).toEqual(read);
  });

  it("is told only as broken where texts are taken as typed", () => {
    const read = readPropertyJson({ ...variables, verbatim: true }, '{"who": {{ x }}}');
    expect(read).toMatchObject({ error: expect.stringMatching(/^This is not JSON/) as string });
  });

  it("may be a list where the property takes any value", () => {
    expect(readPropertyJson({ ...variables, type: "any" }, "[1]")).toEqual({ value: [1] });
  });
});

describe("JSON that the browser would change", () => {
  it.each([
    ["9007199254740993", "9007199254740993"],
    ['{"id": [-12345678901234567890]}', "-12345678901234567890"],
    ["1e400", "1e400"],
    ["[-1.5e999]", "-1.5e999"],
  ])("%s: the number is named", (text, number) => {
    expect(readJson(text)).toEqual({
      error: `The browser cannot keep the number ${number}. Write it as a text.`,
    });
  });

  it.each(['"\\ud83d"', '{"\\u0000": 1}', '[{"a": "x\\udfff"}]'])("%s cannot be saved", (text) => {
    expect(readJson(text)).toEqual({ error: expect.stringContaining("cannot be saved") as string });
  });

  it.each([
    ["9007199254740992", 9007199254740992],
    ["1e22", 1e22],
    ["0.1", 0.1],
    ['"12345678901234567890"', "12345678901234567890"],
    ['"a \\" 12345678901234567890"', 'a " 12345678901234567890'],
    ['"\\ud83d\\ude00"', "😀"],
  ])("%s is kept", (text, value) => {
    expect(readJson(text)).toEqual({ value });
  });
});
