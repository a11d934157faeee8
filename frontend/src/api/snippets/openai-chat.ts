/** Calls by OpenAI's client, as chat completions. */
import { getServerAddress } from "../server-address";
import { getCsharpKey } from "./csharp";
import {
  buildMessages,
  getNodeKey,
  getPythonKey,
  quote,
  writeCurl,
  writePython,
  type ProtocolCall,
  type Snippets,
} from "./writing";

export const openAiSnippets: Snippets = {
  curl: writeOpenAiCurl,
  python: writeOpenAiPython,
  typescript: writeOpenAiTypeScript,
  csharp: writeOpenAiCsharp,
};

function writeOpenAiCurl(call: ProtocolCall): string {
  const body = { model: call.flow, messages: buildMessages(call.prompt), stream: true };
  return writeCurl("/v1/chat/completions", call, body);
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

function writeOpenAiCsharp({ flow, prompt, key }: ProtocolCall): string {
  return [
    "using System.ClientModel;",
    "using OpenAI;",
    "using OpenAI.Chat;",
    "",
    `var options = new OpenAIClientOptions { Endpoint = new Uri(${quote(`${getServerAddress()}/v1`)}) };`,
    `var client = new ChatClient(${quote(flow)}, new ApiKeyCredential(${getCsharpKey(key)}), options);`,
    `await foreach (var update in client.CompleteChatStreamingAsync(${quote(prompt)}))`,
    "    foreach (var part in update.ContentUpdate)",
    "        Console.Write(part.Text);",
  ].join("\n");
}
