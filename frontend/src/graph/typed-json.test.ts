import { describe, expect, it } from "vitest";
import { createProperty } from "../testing/property";
import { readPropertyJson } from "./typed-json";

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
