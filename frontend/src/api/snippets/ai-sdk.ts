/** Calls by the AI SDK. */
import { getServerAddress } from "../server-address";
import { readTypedEvents, writeCsharpOf } from "./csharp";
import { buildRequest, getNodeKey, quote, writeCurlOf, writePythonEvents } from "./writing";
import type { ProtocolCall, Snippets } from "./writing";

export const aiSdkSnippets: Snippets = {
  curl: writeCurlOf(buildAiSdkRequest),
  python: writeAiSdkPython,
  typescript: writeAiSdkTypeScript,
  csharp: writeCsharpOf(buildAiSdkRequest, readTypedEvents("text-delta", "delta")),
};

export function getAiSdkPath(flow: string): string {
  return `/api/v1/flows/${flow}/ui`;
}

export function buildAiSdkRequest({ flow, prompt }: ProtocolCall) {
  const messages = [{ id: "1", role: "user", parts: [{ type: "text", text: prompt }] }];
  return buildRequest(getAiSdkPath(flow), { id: "chat-1", trigger: "submit-message", messages });
}

function writeAiSdkPython(call: ProtocolCall): string {
  return writePythonEvents(call, buildAiSdkRequest(call), "text-delta");
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
