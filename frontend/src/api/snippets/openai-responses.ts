/** Calls by OpenAI's client, as Responses. */
import { getServerAddress } from "../server-address";
import { getCsharpKey } from "./csharp";
import {
  getNodeKey,
  getPythonKey,
  quote,
  writeCurl,
  writePython,
  type ProtocolCall,
  type Snippets,
} from "./writing";

export const responsesSnippets: Snippets = {
  curl: writeResponsesCurl,
  python: writeResponsesPython,
  typescript: writeResponsesTypeScript,
  csharp: writeResponsesCsharp,
};

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

function writeResponsesCsharp({ flow, prompt, key }: ProtocolCall): string {
  return [
    "#pragma warning disable OPENAI001 // OpenAI calls this part of its client experimental",
    "using System.ClientModel;",
    "using OpenAI;",
    "using OpenAI.Responses;",
    "",
    `var options = new OpenAIClientOptions { Endpoint = new Uri(${quote(`${getServerAddress()}/v1`)}) };`,
    `var client = new OpenAIClient(new ApiKeyCredential(${getCsharpKey(key)}), options).GetResponsesClient();`,
    `await foreach (var update in client.CreateResponseStreamingAsync(${quote(flow)}, ${quote(prompt)}))`,
    "    if (update is StreamingResponseOutputTextDeltaUpdate text)",
    "        Console.Write(text.Delta);",
  ].join("\n");
}
