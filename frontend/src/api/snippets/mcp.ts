/** A flow as a tool of MCP clients. */
import type { CallRequest } from "../call-command";
import { getServerAddress } from "../server-address";
import { readEvents, writeCsharpOf } from "./csharp";
import { buildRequest, getPythonKey, type ProtocolCall, quote, type Snippets, writePython } from "./writing";

export const MCP_PATH = "/mcp";
const VERSION = "2026-07-28";
const META = "io.modelcontextprotocol/";

export const mcpSnippets: Snippets = {
  config: writeMcpConfig,
  python: writeMcpPython,
  csharp: writeCsharpOf(
    buildMcpRequest,
    readEvents([
      'if (data.TryGetProperty("params", out var told)) Console.Write(told.GetProperty("message").GetString());',
    ]),
  ),
};

/** One call of the tool, in the generation of the protocol that has no session, which asks for progress. */
export function buildMcpRequest({ flow, input }: ProtocolCall): CallRequest {
  const client = {
    [`${META}protocolVersion`]: VERSION,
    [`${META}clientInfo`]: { name: "millrace-editor", version: "1" },
    [`${META}clientCapabilities`]: {},
  };
  const params = { name: flow, arguments: input, _meta: { progressToken: "1", ...client } };
  return {
    ...buildRequest(MCP_PATH, { jsonrpc: "2.0", id: 1, method: "tools/call", params }),
    headers: {
      Accept: "application/json, text/event-stream",
      "Mcp-Protocol-Version": VERSION,
      "Mcp-Method": "tools/call",
      "Mcp-Name": flow,
    },
  };
}

function writeMcpConfig({ key }: ProtocolCall): string {
  const headers = { Authorization: `Bearer ${key ?? "${API_KEY}"}` };
  const server = { type: "http", url: getServerAddress() + MCP_PATH, headers };
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
      `        transport = streamable_http_client(${quote(getServerAddress() + MCP_PATH)}, http_client=http)`,
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
