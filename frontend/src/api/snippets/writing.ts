/** What the code for all clients has in common. Pure, but for the address of this server. */
import { type CallRequest, writeCurl } from "../call-command";
import { getServerAddress } from "../server-address";
import type { RunInput } from "../types";

export type Language = "config" | "curl" | "python" | "typescript" | "csharp";
export const languages: { value: Language; title: string }[] = [
  { value: "config", title: "Configuration" },
  { value: "curl", title: "curl" },
  { value: "python", title: "Python" },
  { value: "typescript", title: "TypeScript" },
  { value: "csharp", title: "C#" },
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

/** The code of one protocol, by language. */
export type Snippets = Partial<Record<Language, (call: ProtocolCall) => string>>;

/** A request to a path of this server, which needs no headers of its own. */
export function buildRequest(path: string, body: unknown): CallRequest {
  return { address: getServerAddress() + path, headers: {}, body };
}

/** The command of curl for the request that `build` makes of a call. */
export function writeCurlOf(build: (call: ProtocolCall) => CallRequest): (call: ProtocolCall) => string {
  return (call) => writeCurl(build(call), call.key ?? "$API_KEY");
}

/** A text as Python and TypeScript both write it. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** A program; its imports of the standard library stand above the others. */
export function writePython(
  { key }: ProtocolCall,
  standard: string[],
  imports: string[],
  lines: string[],
): string {
  const names = key === null ? [...standard, "import os"] : standard;
  return [...names, ...(names.length > 0 ? [""] : []), ...imports, "", ...lines].join("\n");
}

/** A program that prints the field `delta` of each server-sent event of one type. */
export function writePythonEvents(call: ProtocolCall, request: CallRequest, type: string): string {
  return writePython(
    call,
    ["import json"],
    ["import httpx"],
    [
      `address = ${quote(request.address)}`,
      `headers = {"Authorization": "Bearer " + ${getPythonKey(call.key)}}`,
      `given = ${JSON.stringify(request.body)}`,
      'with httpx.stream("POST", address, headers=headers, json=given, timeout=None) as answer:',
      "    for line in answer.iter_lines():",
      '        if line.startswith("data: {"):',
      '            event = json.loads(line.removeprefix("data: "))',
      `            if event["type"] == ${quote(type)}:`,
      '                print(event["delta"], end="", flush=True)',
    ],
  );
}

export const getPythonKey = (key: string | null): string =>
  key === null ? 'os.environ["API_KEY"]' : quote(key);
export const getNodeKey = (key: string | null): string => (key === null ? "process.env.API_KEY" : quote(key));

export function buildMessages(prompt: string) {
  return [{ role: "user", content: prompt }];
}
