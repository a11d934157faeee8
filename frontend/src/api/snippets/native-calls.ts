/** Calls of a flow over REST, by language. */
import { buildCallAddress, buildCallCommand, type CallFormName, callForms } from "../call-command";
import type { RunInput } from "../types";
import { readServerSentEvents, SSE_NAMESPACES, writeHttpCall } from "./csharp";
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
  const address = buildCallAddress(flow, form);
  return writeHttpCall({ address, key, accept: callForms[form].accept, body, ...readings[form] });
}

interface Reading {
  namespaces: readonly string[];
  reading: readonly string[];
}

const readWhole: Reading = {
  namespaces: [],
  reading: ["Console.WriteLine(await answer.Content.ReadAsStringAsync());"],
};

const OPEN_READER = "using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());";

/** How a program reads what comes, by what the caller receives. */
const readings: Record<CallFormName, Reading> = {
  events: { namespaces: SSE_NAMESPACES, reading: readServerSentEvents("item", "text") },
  lines: {
    namespaces: ["System.Text.Json"],
    reading: [
      OPEN_READER,
      "while (await reader.ReadLineAsync() is { } line)",
      "{",
      "    var data = JsonDocument.Parse(line).RootElement;",
      '    if (data.GetProperty("type").GetString() == "item" && data.TryGetProperty("text", out var text))',
      "        Console.Write(text.GetString());",
      "}",
    ],
  },
  array: {
    namespaces: ["System.Text.Json"],
    reading: [
      "var stream = await answer.Content.ReadAsStreamAsync();",
      "await foreach (var piece in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream))",
      "    Console.Write(piece);",
    ],
  },
  text: {
    namespaces: [],
    reading: [
      OPEN_READER,
      "var piece = new char[1024];",
      "for (int count; (count = await reader.ReadAsync(piece)) > 0; ) Console.Write(piece, 0, count);",
    ],
  },
  run: readWhole,
  submit: readWhole,
};
