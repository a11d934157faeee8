/** A flow as a tool of MCP clients. */
import { getServerAddress } from "../server-address";
import { getPythonKey, type ProtocolCall, quote, type Snippets, writePython } from "./writing";

export const MCP_PATH = "/mcp";

export const mcpSnippets: Snippets = { config: writeMcpConfig, python: writeMcpPython };

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
