import { expect, test } from "vitest";
import type { ScopeVariable } from "../api/types";
import { fitExample } from "./fit-example";

function createVariable(name: string, type: string, fields: Record<string, string> = {}): ScopeVariable {
  const described = Object.entries(fields).map(([field, of]) => ({ name: field, type: of, description: "" }));
  return { name, type, title: "", node: "n", fields: described };
}

const chat = createVariable("chatCompletionRequest", "chat_completion_request", { prompt: "text" });
const body = createVariable("request", "http_request", { order: "text", pieces: "integer" });
const found = createVariable("searchResult", "search_result", { text: "text", records: "list" });

const CONDITION = 'chatCompletionRequest.prompt != ""';
const COUNT = "attempts < 3";
const LIST = "items.filter(i, i.score > 0.5).map(i, i.title)";

test.each<[string, ScopeVariable[], string | null]>([
  [CONDITION, [chat, body], CONDITION],
  [CONDITION, [body], 'request.order != ""'],
  [CONDITION, [createVariable("request", "http_request")], null],
  [COUNT, [body], "request.pieces < 3"],
  [COUNT, [createVariable("attempts", "any"), body], COUNT],
  [COUNT, [chat], null],
  [LIST, [found], "searchResult.records.filter(i, i.score > 0.5).map(i, i.title)"],
  [LIST, [createVariable("history", "list")], "history.filter(i, i.score > 0.5).map(i, i.title)"],
  [LIST, [], null],
  ["claude-haiku-5-5", [], "claude-haiku-5-5"],
])("%s among %j is %s", (example, scope, fitted) => expect(fitExample(example, scope)).toBe(fitted));
