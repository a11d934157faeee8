/** Calls by OpenAI's client, as Responses. */
import { getServerAddress } from "../server-address";
import { readTypedEvents, writeCsharpOf } from "./csharp";
import {
  buildRequest,
  getNodeKey,
  getPythonKey,
  quote,
  writeCurlOf,
  writePython,
  type ProtocolCall,
  type Snippets,
} from "./writing";

export const responsesSnippets: Snippets = {
  curl: writeCurlOf(buildResponsesRequest),
  python: writeResponsesPython,
  typescript: writeResponsesTypeScript,
  csharp: writeCsharpOf(buildResponsesRequest, readTypedEvents("response.output_text.delta", "delta")),
};

export function buildResponsesRequest({ flow, prompt }: ProtocolCall) {
  return buildRequest("/v1/responses", { model: flow, input: prompt, stream: true });
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
