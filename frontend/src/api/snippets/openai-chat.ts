/** Calls by OpenAI's client, as chat completions. */
import { getServerAddress } from "../server-address";
import { readEvents, writeCsharpOf } from "./csharp";
import {
  buildMessages,
  buildRequest,
  getNodeKey,
  getPythonKey,
  quote,
  writeCurlOf,
  writePython,
  type ProtocolCall,
  type Snippets,
} from "./writing";

export const openAiSnippets: Snippets = {
  curl: writeCurlOf(buildOpenAiRequest),
  python: writeOpenAiPython,
  typescript: writeOpenAiTypeScript,
  csharp: writeCsharpOf(
    buildOpenAiRequest,
    readEvents([
      'if (!data.TryGetProperty("choices", out var choices) || choices.GetArrayLength() == 0) continue;',
      'if (choices[0].GetProperty("delta").TryGetProperty("content", out var text)) Console.Write(text.GetString());',
    ]),
  ),
};

export function buildOpenAiRequest({ flow, prompt }: ProtocolCall) {
  return buildRequest("/v1/chat/completions", { model: flow, messages: buildMessages(prompt), stream: true });
}

function writeOpenAiPython(call: ProtocolCall): string {
  return writePython(
    call,
    [],
    ["from openai import OpenAI"],
    [
      `client = OpenAI(base_url=${quote(`${getServerAddress()}/v1`)}, api_key=${getPythonKey(call.key)})`,
      "stream = client.chat.completions.create(",
      `    model=${quote(call.flow)},`,
      `    messages=[{"role": "user", "content": ${quote(call.prompt)}}],`,
      "    stream=True,",
      ")",
      "for chunk in stream:",
      '    print(chunk.choices[0].delta.content or "", end="", flush=True)',
    ],
  );
}

function writeOpenAiTypeScript({ flow, prompt, key }: ProtocolCall): string {
  return [
    'import OpenAI from "openai";',
    "",
    `const client = new OpenAI({ baseURL: ${quote(`${getServerAddress()}/v1`)}, apiKey: ${getNodeKey(key)} });`,
    "const stream = await client.chat.completions.create({",
    `  model: ${quote(flow)},`,
    `  messages: [{ role: "user", content: ${quote(prompt)} }],`,
    "  stream: true,",
    "});",
    'for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");',
  ].join("\n");
}
