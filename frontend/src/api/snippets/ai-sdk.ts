/** Calls by the AI SDK. */
import { getServerAddress } from "../server-address";
import { readServerSentEvents, SSE_NAMESPACES, writeHttpCall } from "./csharp";
import { getNodeKey, quote, writeCurl, writePythonEvents, type ProtocolCall, type Snippets } from "./writing";

export const aiSdkSnippets: Snippets = {
  curl: writeAiSdkCurl,
  python: writeAiSdkPython,
  typescript: writeAiSdkTypeScript,
  csharp: writeAiSdkCsharp,
};

export function getAiSdkPath(flow: string): string {
  return `/api/v1/flows/${flow}/ui`;
}

function buildChat(prompt: string) {
  const messages = [{ id: "1", role: "user", parts: [{ type: "text", text: prompt }] }];
  return { id: "chat-1", trigger: "submit-message", messages };
}

function writeAiSdkCurl(call: ProtocolCall): string {
  return writeCurl(getAiSdkPath(call.flow), call, buildChat(call.prompt));
}

function writeAiSdkPython(call: ProtocolCall): string {
  return writePythonEvents(call, getAiSdkPath(call.flow), buildChat(call.prompt), "text-delta");
}

function writeAiSdkTypeScript({ flow, prompt, key }: ProtocolCall): string {
  return [
    'import { DefaultChatTransport } from "ai";',
    "",
    "// In a page: useChat({ transport }).",
    "const transport = new DefaultChatTransport({",
    `  api: ${quote(getServerAddress() + getAiSdkPath(flow))},`,
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

function writeAiSdkCsharp({ flow, prompt, key }: ProtocolCall): string {
  return writeHttpCall({
    address: getServerAddress() + getAiSdkPath(flow),
    key,
    accept: null,
    body: buildChat(prompt),
    namespaces: SSE_NAMESPACES,
    reading: readServerSentEvents("text-delta", "delta"),
  });
}
