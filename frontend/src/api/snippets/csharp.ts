/** What the code in C# has in common. It is for programs whose project has implicit usings, as new ones have. */
import { quote } from "./writing";

export const getCsharpKey = (key: string | null): string =>
  key === null ? 'Environment.GetEnvironmentVariable("API_KEY")!' : quote(key);

interface HttpCall {
  address: string;
  key: string | null;
  /** The media type that is asked for; null for the one that comes without asking. */
  accept: string | null;
  body: unknown;
  /** Namespaces that the reading lines use. */
  namespaces: readonly string[];
  /** Lines that read the variable `answer`. */
  reading: readonly string[];
}

/** A program that sends a call and reads the answer while it comes. JSON has no three quotes in a row. */
export function writeHttpCall({ address, key, accept, body, namespaces, reading }: HttpCall): string {
  return [
    ...["System.Net.Http.Headers", ...namespaces, "System.Text"].sort().map((name) => `using ${name};`),
    "",
    "using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };",
    `using var request = new HttpRequestMessage(HttpMethod.Post, ${quote(address)});`,
    `request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ${getCsharpKey(key)});`,
    ...(accept === null ? [] : [`request.Headers.Accept.ParseAdd(${quote(accept)});`]),
    `var body = """${JSON.stringify(body)}""";`,
    'request.Content = new StringContent(body, Encoding.UTF8, "application/json");',
    "using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);",
    "answer.EnsureSuccessStatusCode();",
    ...reading,
  ].join("\n");
}

export const SSE_NAMESPACES = ["System.Net.ServerSentEvents", "System.Text.Json"];

/** Lines that write the field `text` of each server-sent event whose data is of this type. */
export function readServerSentEvents(type: string, text: string): string[] {
  return [
    "var events = SseParser.Create(await answer.Content.ReadAsStreamAsync());",
    "await foreach (var sent in events.EnumerateAsync())",
    "{",
    "    if (!sent.Data.StartsWith('{')) continue;",
    "    var data = JsonDocument.Parse(sent.Data).RootElement;",
    `    if (!data.TryGetProperty("type", out var type) || type.GetString() != ${quote(type)}) continue;`,
    `    if (data.TryGetProperty(${quote(text)}, out var text)) Console.Write(text.GetString());`,
    "}",
  ];
}
