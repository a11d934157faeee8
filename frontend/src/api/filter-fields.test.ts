import { expect, test } from "vitest";
import { addFilterField, writeFilterExample } from "./filter-fields";

const document = { name: "document", example: "hp-9.md" };

test.each([
  [[document, { name: "page", example: 3 }], "page == 3"],
  [
    [
      { name: "tags", example: null },
      { name: "source", example: 'a "b".pdf' },
    ],
    'source == "a \\"b\\".pdf"',
  ],
  [[{ name: "draft", example: false }], "draft == false"],
  [[document], 'document == "hp-9.md"'],
  [[{ name: "tags", example: null }], null],
  [undefined, null],
])("the example is a filter that finds something (%#)", (fields, example) =>
  expect(writeFilterExample(fields)).toBe(example),
);

test.each([
  ["", "page "],
  ["page > 1", "page > 1 and year "],
  ["page > 1 and ", "page > 1 and year "],
  ["not", "not year "],
  ["(", "( year "],
])("a field is added where its comparison is typed next (%s)", (filter, after) =>
  expect(addFilterField(filter, filter === "" ? "page" : "year")).toBe(after),
);
