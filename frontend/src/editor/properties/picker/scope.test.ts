import { describe, expect, test } from "vitest";
import type { ScopeVariable } from "../../../api/types";
import {
  isUnknownPath,
  filterPathOptions,
  listPathOptions,
  summarizeValue,
  findType,
  findValue,
} from "./scope";

const scope: ScopeVariable[] = [
  {
    name: "chatCompletionRequest",
    type: "chat_completion_request",
    title: "Chat completion trigger",
    node: "t",
    fields: [{ name: "prompt", type: "text", description: "What the caller asks." }],
  },
  { name: "message", type: "message", title: "Streaming chat completion", node: "s", fields: [] },
];

test("what is provided last comes first, and a variable before its fields", () => {
  expect(listPathOptions(scope).map(({ path }) => path)).toEqual([
    "message",
    "chatCompletionRequest",
    "chatCompletionRequest.prompt",
  ]);
});

describe("the picker finds by path and by node", () => {
  test.each([
    ["PROMPT", ["chatCompletionRequest.prompt"]],
    ["trigger prompt", ["chatCompletionRequest.prompt"]],
    ["streaming", ["message"]],
    ["chatCompletionRequest", ["chatCompletionRequest", "chatCompletionRequest.prompt"]],
    ["nothing", []],
  ])("%s finds %j", (query, paths) => {
    expect(filterPathOptions(listPathOptions(scope), query).map(({ path }) => path)).toEqual(paths);
  });
});

describe("a type is told as far as the fields tell it", () => {
  test.each([
    ["message", "message"],
    [" chatCompletionRequest.prompt ", "text"],
    ["chatCompletionRequest.other", null],
    ["size(message)", null],
  ])("%s: %s", (source, type) => expect(findType(scope, source)).toBe(type));
});

describe("only a bare path can be unknown here", () => {
  test.each([
    ["messages.text", true],
    ["message.text", false],
    ["size(messages)", false],
    ["true", false],
  ])("%s: %s", (source, unknown) => expect(isUnknownPath(scope, source)).toBe(unknown));
});

describe("what a path held in the last run", () => {
  const outputs = { result: { matches: [{ text: "E41" }], "a b": 2 }, none: null };
  test.each([
    ["result.matches[0].text", "E41"],
    ['result["a b"]', undefined],
    ["result.matches[1].text", undefined],
    ["none.text", undefined],
    ["result.toString", undefined],
    ["size(result)", undefined],
  ])("%s held %s", (source, value) => expect(findValue(outputs, source)).toBe(value));
});

describe("a value is told in a few words", () => {
  test.each<[unknown, string]>([
    ["two\nlines", "“two lines”"],
    ["x".repeat(70), `“${"x".repeat(60)}…”`],
    [1284, "1,284"],
    [[1], "1 item"],
    [{ a: 1 }, '{"a":1}'],
    [true, "true"],
    [null, "null"],
  ])("%j: %s", (value, words) => expect(summarizeValue(value)).toBe(words));
});
