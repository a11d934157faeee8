/** Writes calls of a flow by the clients of other servers, ready to paste. Pure, but for the address of this server. */
import { quoteForShell } from "./call-command";
import { getServerAddress } from "./server-address";
import type { RunInput } from "./types";

export type Language = "config" | "curl" | "python" | "typescript";
const languages: { value: Language; title: string }[] = [
  { value: "config", title: "Configuration" },
  { value: "curl", title: "curl" },
  { value: "python", title: "Python" },
  { value: "typescript", title: "TypeScript" },
];

export interface ProtocolCall {
  /** The flow, by its address name. */
  flow: string;
  prompt: string;
  /** The input of the flow: the prompt, or what else its trigger takes. */
  input: RunInput;
  /** The API key; null when the environment variable API_KEY holds it. */
  key: string | null;
}

interface Protocol {
  title: string;
  hint: string;
  /** The last part of the address that a client is given. */
  getAddress: (flow: string) => string;
  write: Partial<Record<Language, (call: ProtocolCall) => string>>;
  /** Whether it is for every flow, not only for one with a chat trigger. */
  takesAnyInput?: boolean;
}

/** The protocols that flows speak. */
export const protocols = {
  openai: {
    title: "OpenAI chat completions",
    hint: "For chat pages and programs that speak OpenAI: the flow is the model.",
    getAddress: () => "/v1",
    write: { curl: writeOpenAiCurl, python: writeOpenAiPython, typescript: writeOpenAiTypeScript },
  },
  responses: {
    title: "OpenAI Responses",
    hint: "For programs that use OpenAI's Responses. Where the flow keeps a history, a call goes on from the id of an answer.",
    getAddress: () => "/v1",
    write: { curl: writeResponsesCurl, python: writeResponsesPython, typescript: writeResponsesTypeScript },
  },
  anthropic: {
    title: "Anthropic Messages",
    hint: "For programs that were written for Claude: the flow is the model.",
    getAddress: () => "",
    write: { curl: writeAnthropicCurl, python: writeAnthropicPython, typescript: writeAnthropicTypeScript },
  },
  aiSdk: {
    title: "AI SDK chat",
    hint: "For pages with useChat. A page that is loaded again comes back to its answer.",
    getAddress: (flow) => `/api/v1/flows/${flow}/ui`,
    write: { curl: writeAiSdkCurl, python: writeAiSdkPython, typescript: writeAiSdkTypeScript },
  },
  mcp: {
    title: "MCP tool",
    hint: "For assistants and agents that speak the Model Context Protocol: the flow is a tool of its address name.",
    getAddress: () => "/mcp",
    write: { config: writeMcpConfig, python: writeMcpPython },
    takesAnyInput: true,
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof protocols;

/** The address that a client of the protocol is given. */
export function buildProtocolAddress(protocol: ProtocolName, flow: string): string {
  return getServerAddress() + protocols[protocol].getAddress(flow);
}

export function takesAnyInput(protocol: ProtocolName): boolean {
  const { takesAnyInput = false }: Protocol = protocols[protocol];
  return takesAnyInput;
}

/** The languages in which a protocol has code. */
export function listLanguages(protocol: ProtocolName) {
  return languages.filter(({ value }) => value in protocols[protocol].write);
}

/** The code in one of `listLanguages`. */
export function buildSnippet(protocol: ProtocolName, language: Language, call: ProtocolCall): string {
  const { write }: Protocol = protocols[protocol];
  return write[language]?.(call) ?? "";
}

function writeCurl(path: string, { key }: ProtocolCall, body: unknown): string {
  return [
    `curl -N ${getServerAddress()}${path}`,
    `  -H "Authorization: Bearer ${key ?? "$API_KEY"}"`,
    '  -H "Content-Type: application/json"',
    `  -d ${quoteForShell(JSON.stringify(body))}`,
  ].join(" \\\n");
}

/** A text as Python and TypeScript both write it. */
function quote(text: string): string {
  return JSON.stringify(text);
}

/** A program; its imports of the standard library stand above the others. */
function writePython({ key }: ProtocolCall, standard: string[], imports: string[], lines: string[]): string {
  const names = key === null ? [...standard, "import os"] : standard;
  return [...names, ...(names.length > 0 ? [""] : []), ...imports, "", ...lines].join("\n");
}

const getPythonKey = (key: string | null): string => (key === null ? 'os.environ["API_KEY"]' : quote(key));
const getNodeKey = (key: string | null): string => (key === null ? "process.env.API_KEY" : quote(key));

function buildMessages(prompt: string) {
  return [{ role: "user", content: prompt }];
}

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

function writeResponsesCurl(call: ProtocolCall): string {
  return writeCurl("/v1/responses", call, { model: call.flow, input: call.prompt, stream: true });
}

function writeResponsesPython(call: ProtocolCall): string {
  return writePython(
    call,
    [],
    ["from openai import OpenAI"],
    [
      `client = OpenAI(base_url=${quote(`${getServerAddress()}/v1`)}, api_key=${getPythonKey(call.key)})`,
      "stream = client.responses.create(",
      `    model=${quote(call.flow)},`,
      `    input=${quote(call.prompt)},`,
      "    stream=True,",
      ")",
      "for event in stream:",
      '    if event.type == "response.output_text.delta":',
      '        print(event.delta, end="", flush=True)',
    ],
  );
}

function writeResponsesTypeScript({ flow, prompt, key }: ProtocolCall): string {
  return [
    'import OpenAI from "openai";',
    "",
    `const client = new OpenAI({ baseURL: ${quote(`${getServerAddress()}/v1`)}, apiKey: ${getNodeKey(key)} });`,
    `const stream = await client.responses.create({ model: ${quote(flow)}, input: ${quote(prompt)}, stream: true });`,
    "for await (const event of stream) {",
    '  if (event.type === "response.output_text.delta") process.stdout.write(event.delta);',
    "}",
  ].join("\n");
}

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

function buildChat(prompt: string) {
  const messages = [{ id: "1", role: "user", parts: [{ type: "text", text: prompt }] }];
  return { id: "chat-1", trigger: "submit-message", messages };
}

function writeAiSdkCurl(call: ProtocolCall): string {
  return writeCurl(protocols.aiSdk.getAddress(call.flow), call, buildChat(call.prompt));
}

function writeAiSdkPython(call: ProtocolCall): string {
  return writePython(
    call,
    ["import json"],
    ["import httpx"],
    [
      `address = ${quote(buildProtocolAddress("aiSdk", call.flow))}`,
      `headers = {"Authorization": "Bearer " + ${getPythonKey(call.key)}}`,
      `chat = ${JSON.stringify(buildChat(call.prompt))}`,
      'with httpx.stream("POST", address, headers=headers, json=chat, timeout=None) as answer:',
      "    for line in answer.iter_lines():",
      '        if line.startswith("data: {"):',
      '            part = json.loads(line.removeprefix("data: "))',
      '            if part["type"] == "text-delta":',
      '                print(part["delta"], end="", flush=True)',
    ],
  );
}

function writeAiSdkTypeScript({ flow, prompt, key }: ProtocolCall): string {
  return [
    'import { DefaultChatTransport } from "ai";',
    "",
    "// In a page: useChat({ transport }).",
    "const transport = new DefaultChatTransport({",
    `  api: ${quote(buildProtocolAddress("aiSdk", flow))},`,
    `  headers: { Authorization: \`Bearer \${${getNodeKey(key)}}\` },`,
    "});",
    "const stream = await transport.sendMessages({",
    '  trigger: "submit-message",',
    "  chatId: crypto.randomUUID(),",
    "  messageId: undefined,",
    `  messages: [{ id: "1", role: "user", parts: [{ type: "text", text: ${quote(prompt)} }] }],`,
    "  abortSignal: undefined,",
    "});",
    'for await (const part of stream) if (part.type === "text-delta") process.stdout.write(part.delta);',
  ].join("\n");
}

function writeMcpConfig({ key }: ProtocolCall): string {
  const headers = { Authorization: `Bearer ${key ?? "${API_KEY}"}` };
  const server = { type: "http", url: `${getServerAddress()}/mcp`, headers };
  return JSON.stringify({ mcpServers: { millrace: server } }, null, 2);
}

function writeMcpPython(call: ProtocolCall): string {
  return writePython(
    call,
    ["import asyncio"],
    [
      "import httpx2",
      "from mcp import Client",
      "from mcp.client.streamable_http import streamable_http_client",
    ],
    [
      "async def show(progress, total, message):",
      '    print(message, end="", flush=True)',
      "",
      "async def main():",
      `    headers = {"Authorization": "Bearer " + ${getPythonKey(call.key)}}`,
      "    async with httpx2.AsyncClient(headers=headers, timeout=None) as http:",
      `        transport = streamable_http_client(${quote(buildProtocolAddress("mcp", call.flow))}, http_client=http)`,
      "        async with Client(transport) as client:",
      `            arguments = ${writePythonValue(call.input)}`,
      `            result = await client.call_tool(${quote(call.flow)}, arguments, progress_callback=show)`,
      "    print(result.content[0].text)",
      "",
      "asyncio.run(main())",
    ],
  );
}

/** A value of JSON as Python writes it. */
function writePythonValue(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(writePythonValue).join(", ")}]`;
  if (typeof value === "object") {
    const fields = Object.entries(value).map(([name, each]) => `${quote(name)}: ${writePythonValue(each)}`);
    return `{${fields.join(", ")}}`;
  }
  return JSON.stringify(value);
}
