/** Calls by Anthropic's client. */
import { getServerAddress } from "../server-address";
import { readTypedEvents, writeCsharpOf } from "./csharp";
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

export const anthropicSnippets: Snippets = {
  curl: writeCurlOf(buildAnthropicRequest),
  python: writeAnthropicPython,
  typescript: writeAnthropicTypeScript,
  csharp: writeCsharpOf(
    buildAnthropicRequest,
    readTypedEvents("content_block_delta", "text", 'data.GetProperty("delta")'),
  ),
};

export function buildAnthropicRequest({ flow, prompt }: ProtocolCall) {
  const messages = buildMessages(prompt);
  return buildRequest("/v1/messages", { model: flow, max_tokens: 1024, messages, stream: true });
}

function writeAnthropicPython(call: ProtocolCall): string {
  return writePython(
    call,
    [],
    ["from anthropic import Anthropic"],
    [
      `client = Anthropic(base_url=${quote(getServerAddress())}, api_key=${getPythonKey(call.key)})`,
      "with client.messages.stream(",
      `    model=${quote(call.flow)},`,
      "    max_tokens=1024,",
      `    messages=[{"role": "user", "content": ${quote(call.prompt)}}],`,
      ") as stream:",
      "    for text in stream.text_stream:",
      '        print(text, end="", flush=True)',
    ],
  );
}

function writeAnthropicTypeScript({ flow, prompt, key }: ProtocolCall): string {
  return [
    'import Anthropic from "@anthropic-ai/sdk";',
    "",
    `const client = new Anthropic({ baseURL: ${quote(getServerAddress())}, apiKey: ${getNodeKey(key)} });`,
    "const stream = client.messages.stream({",
    `  model: ${quote(flow)},`,
    "  max_tokens: 1024,",
    `  messages: [{ role: "user", content: ${quote(prompt)} }],`,
    "});",
    'stream.on("text", (text) => process.stdout.write(text));',
    "await stream.done();",
  ].join("\n");
}
