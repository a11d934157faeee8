/** Calls by AG-UI's client. */
import { getServerAddress } from "../server-address";
import { readServerSentEvents, SSE_NAMESPACES, writeHttpCall } from "./csharp";
import { getNodeKey, quote, writeCurl, writePythonEvents, type ProtocolCall, type Snippets } from "./writing";

export const agUiSnippets: Snippets = {
  curl: writeAgUiCurl,
  python: writeAgUiPython,
  typescript: writeAgUiTypeScript,
  csharp: writeAgUiCsharp,
};

export function getAgentPath(flow: string): string {
  return `/api/v1/flows/${flow}/ag-ui`;
}

function buildInput(prompt: string) {
  const messages = [{ id: "1", role: "user", content: prompt }];
  return { threadId: "thread-1", runId: "run-1", messages };
}

function writeAgUiCurl(call: ProtocolCall): string {
  return writeCurl(getAgentPath(call.flow), call, buildInput(call.prompt));
}

function writeAgUiPython(call: ProtocolCall): string {
  return writePythonEvents(call, getAgentPath(call.flow), buildInput(call.prompt), "TEXT_MESSAGE_CONTENT");
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

function writeAgUiCsharp({ flow, prompt, key }: ProtocolCall): string {
  return writeHttpCall({
    address: getServerAddress() + getAgentPath(flow),
    key,
    accept: null,
    body: buildInput(prompt),
    namespaces: SSE_NAMESPACES,
    reading: readServerSentEvents("TEXT_MESSAGE_CONTENT", "delta"),
  });
}
