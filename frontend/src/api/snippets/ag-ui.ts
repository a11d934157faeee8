/** Calls by AG-UI's client. */
import { getServerAddress } from "../server-address";
import { readTypedEvents, writeCsharpOf } from "./csharp";
import { buildRequest, getNodeKey, quote, writeCurlOf, writePythonEvents } from "./writing";
import type { ProtocolCall, Snippets } from "./writing";

export const agUiSnippets: Snippets = {
  curl: writeCurlOf(buildAgUiRequest),
  python: writeAgUiPython,
  typescript: writeAgUiTypeScript,
  csharp: writeCsharpOf(buildAgUiRequest, readTypedEvents("TEXT_MESSAGE_CONTENT", "delta")),
};

export function getAgentPath(flow: string): string {
  return `/api/v1/flows/${flow}/ag-ui`;
}

export function buildAgUiRequest({ flow, prompt }: ProtocolCall) {
  const messages = [{ id: "1", role: "user", content: prompt }];
  return buildRequest(getAgentPath(flow), { threadId: "thread-1", runId: "run-1", messages });
}

function writeAgUiPython(call: ProtocolCall): string {
  return writePythonEvents(call, buildAgUiRequest(call), "TEXT_MESSAGE_CONTENT");
}

function writeAgUiTypeScript({ flow, prompt, key }: ProtocolCall): string {
  return [
    'import { HttpAgent } from "@ag-ui/client";',
    "",
    "const agent = new HttpAgent({",
    `  url: ${quote(getServerAddress() + getAgentPath(flow))},`,
    `  headers: { Authorization: \`Bearer \${${getNodeKey(key)}}\` },`,
    "});",
    `agent.addMessage({ id: crypto.randomUUID(), role: "user", content: ${quote(prompt)} });`,
    "await agent.runAgent(",
    "  {},",
    "  {",
    "    onTextMessageContentEvent: ({ event }) => void process.stdout.write(event.delta),",
    "    onRunErrorEvent: ({ event }) => console.error(event.code, event.message),",
    "  },",
    ");",
  ].join("\n");
}
