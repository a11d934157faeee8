/** Calls by AG-UI's client. */
import { getServerAddress } from "../server-address";
import { readServerSentEvents, SSE_NAMESPACES, writeHttpCall } from "./csharp";
import {
  getNodeKey,
  getPythonKey,
  quote,
  writeCurl,
  writePython,
  type ProtocolCall,
  type Snippets,
} from "./writing";

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
  return writePython(
    call,
    ["import json"],
    ["import httpx"],
    [
      `address = ${quote(getServerAddress() + getAgentPath(call.flow))}`,
      `headers = {"Authorization": "Bearer " + ${getPythonKey(call.key)}}`,
      `given = ${JSON.stringify(buildInput(call.prompt))}`,
      'with httpx.stream("POST", address, headers=headers, json=given, timeout=None) as answer:',
      "    for line in answer.iter_lines():",
      '        if line.startswith("data: "):',
      '            event = json.loads(line.removeprefix("data: "))',
      '            if event["type"] == "TEXT_MESSAGE_CONTENT":',
      '                print(event["delta"], end="", flush=True)',
    ],
  );
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
