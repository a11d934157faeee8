/** Calls of a flow over REST, by language. */
import { buildCallCommand, buildCallRequest, type CallFormName } from "../call-command";
import type { RunInput } from "../types";
import { readLines, readTypedEvents, writeCsharp } from "./csharp";
import { type Language, languages } from "./writing";

interface NativeCall {
  flow: string;
  form: CallFormName;
  body: RunInput;
  /** The API key; null when the environment variable API_KEY holds it. */
  key: string | null;
}

/** The languages in which calls over REST are shown. */
export function listNativeLanguages() {
  return languages.filter(({ value }) => value === "curl" || value === "csharp");
}

/** The code in one of `listNativeLanguages`. */
export function buildNativeCall(language: Language, call: NativeCall): string {
  if (language === "curl") return buildCallCommand({ ...call, key: call.key ?? "$API_KEY" });
  const { flow, form, body, key } = call;
  return writeCsharp(buildCallRequest(flow, form, body), key, readings[form]);
}

const readWhole = ["Console.WriteLine(await answer.Content.ReadAsStringAsync());"];

/** How a program reads what comes, by what the caller receives. */
const readings: Record<CallFormName, readonly string[]> = {
  events: readTypedEvents("item", "text"),
  lines: readLines([
    "var data = JsonDocument.Parse(line).RootElement;",
    'if (data.GetProperty("type").GetString() == "item" && data.TryGetProperty("text", out var text))',
    "    Console.Write(text.GetString());",
  ]),
  array: [
    "var stream = await answer.Content.ReadAsStreamAsync();",
    "var pieces = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream).GetAsyncEnumerator();",
    "while (await pieces.MoveNextAsync()) Console.Write(pieces.Current);",
  ],
  text: [
    "using (var reader = new StreamReader(await answer.Content.ReadAsStreamAsync()))",
    "{",
    "    var piece = new char[1024];",
    "    for (int count; (count = await reader.ReadAsync(piece, 0, piece.Length)) > 0; )",
    "        Console.Write(piece, 0, count);",
    "}",
  ],
  run: readWhole,
  submit: readWhole,
};
