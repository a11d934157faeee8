/** Programs in C# that need nothing but .NET. They are written as older compilers read it, too. */
import type { CallRequest } from "../call-command";
import { type ProtocolCall, quote } from "./writing";

/** Line ends to C#, which JSON leaves in a text as they are. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** A text as C# writes it. */
function quoteCsharp(text: string): string {
  return quote(text).replace(LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const getCsharpKey = (key: string | null): string =>
  key === null ? 'Environment.GetEnvironmentVariable("API_KEY")' : quoteCsharp(key);

/** A program that sends a call and reads the answer while it comes, by the lines `reading` about the variable `answer`. */
export function writeCsharp(request: CallRequest, key: string | null, reading: readonly string[]): string {
  const { address, headers, body } = request;
  return [
    ...[
      "",
      ".IO",
      ".Net.Http",
      ".Net.Http.Headers",
      ".Text",
      ".Text.Json",
      ".Threading",
      ".Threading.Tasks",
    ].map((name) => `using System${name};`),
    "",
    "class Program",
    "{",
    "    static void Main()",
    "    {",
    "        Call().GetAwaiter().GetResult();",
    "    }",
    "",
    "    static async Task Call()",
    "    {",
    "        var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };",
    `        var request = new HttpRequestMessage(HttpMethod.Post, ${quoteCsharp(address)});`,
    `        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ${getCsharpKey(key)});`,
    ...Object.entries(headers).map(
      ([name, value]) => `        request.Headers.Add(${quoteCsharp(name)}, ${quoteCsharp(value)});`,
    ),
    `        var body = ${quoteCsharp(JSON.stringify(body))};`,
    '        request.Content = new StringContent(body, Encoding.UTF8, "application/json");',
    "        using (var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))",
    "        {",
    "            answer.EnsureSuccessStatusCode();",
    ...reading.map((line) => `            ${line}`),
    "        }",
    "    }",
    "}",
  ].join("\n");
}

/** The program for the request that `build` makes of a call. */
export function writeCsharpOf(build: (call: ProtocolCall) => CallRequest, reading: readonly string[]) {
  return (call: ProtocolCall): string => writeCsharp(build(call), call.key, reading);
}

/** Lines that read the answer line by line, and do this with the variable `line`. */
export function readLines(lines: readonly string[]): string[] {
  return [
    "using (var reader = new StreamReader(await answer.Content.ReadAsStreamAsync()))",
    "    for (var line = await reader.ReadLineAsync(); line != null; line = await reader.ReadLineAsync())",
    "    {",
    ...lines.map((line) => `        ${line}`),
    "    }",
  ];
}

/** Lines that do this with the variable `data`, for the data of each server-sent event that is an object. */
export function readEvents(lines: readonly string[]): string[] {
  return readLines([
    'if (!line.StartsWith("data: {")) continue;',
    'var data = JsonDocument.Parse(line.Substring("data: ".Length)).RootElement;',
    ...lines,
  ]);
}

/** Lines that write the field `text` of each server-sent event of one type; the field is in `place`. */
export function readTypedEvents(type: string, text: string, place = "data"): string[] {
  return readEvents([
    `if (!data.TryGetProperty("type", out var type) || type.GetString() != ${quote(type)}) continue;`,
    `if (${place}.TryGetProperty(${quote(text)}, out var text)) Console.Write(text.GetString());`,
  ]);
}
