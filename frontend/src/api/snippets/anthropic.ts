/** Calls by Anthropic's client. */
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

export const anthropicSnippets: Snippets = {
  curl: writeAnthropicCurl,
  python: writeAnthropicPython,
  typescript: writeAnthropicTypeScript,
  csharp: writeAnthropicCsharp,
};

function writeAnthropicCurl(call: ProtocolCall): string {
  const body = { model: call.flow, max_tokens: 1024, messages: buildMessages(call.prompt), stream: true };
  return writeCurl("/v1/messages", call, body);
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

function writeAnthropicCsharp({ flow, prompt, key }: ProtocolCall): string {
  return [
    "using Anthropic;",
    "using Anthropic.Models.Messages;",
    "",
    `var client = new AnthropicClient { BaseUrl = ${quote(getServerAddress())}, ApiKey = ${getCsharpKey(key)} };`,
    "var asked = new MessageCreateParams",
    "{",
    `    Model = ${quote(flow)},`,
    "    MaxTokens = 1024,",
    `    Messages = [new() { Role = Role.User, Content = ${quote(prompt)} }],`,
    "};",
    "await foreach (var sent in client.Messages.CreateStreaming(asked))",
    "    if (sent.TryPickContentBlockDelta(out var block) && block.Delta.TryPickText(out var text))",
    "        Console.Write(text.Text);",
  ].join("\n");
}
