/** The calls of a flow over REST, and any call as a command for a shell. Pure, but for the address of this server. */
import { getServerAddress } from "./server-address";
import type { RunInput } from "./types";

/** A call as a client sends it, by POST. Its key and `Content-Type` come in addition. */
export interface CallRequest {
  address: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
}

interface CallForm {
  title: string;
  /** The last part of the address. */
  call: "stream" | "run" | "submit";
  /** The form that is asked for; null for the one that comes without asking. */
  accept: string | null;
  hint: string;
}

/** What a caller may receive. */
export const callForms = {
  events: {
    title: "Stream of events",
    call: "stream",
    accept: null,
    hint: "Server-sent events: each piece of the answer at once.",
  },
  lines: {
    title: "Stream of lines",
    call: "stream",
    accept: "application/x-ndjson",
    hint: "Each event is one line of JSON.",
  },
  array: {
    title: "Stream of one JSON array",
    call: "stream",
    accept: "application/json",
    hint: "Opened at once, with an element for each piece.",
  },
  text: {
    title: "Stream of text",
    call: "stream",
    accept: "text/plain",
    hint: "The answer and nothing else.",
  },
  run: {
    title: "Answer at the end",
    call: "run",
    accept: null,
    hint: "One JSON object, when the run has ended.",
  },
  submit: {
    title: "Link to the run",
    call: "submit",
    accept: null,
    hint: "Answers at once; read the run later.",
  },
} as const satisfies Record<string, CallForm>;

export type CallFormName = keyof typeof callForms;

export function buildCallAddress(flow: string, form: CallFormName): string {
  return `${getServerAddress()}/api/v1/flows/${flow}/${callForms[form].call}`;
}

interface Call {
  flow: string;
  form: CallFormName;
  body: RunInput;
  /** The API key, or the variable of the shell that holds it. */
  key: string;
}

export function buildCallRequest(flow: string, form: CallFormName, body: RunInput): CallRequest {
  const { accept } = callForms[form];
  return { address: buildCallAddress(flow, form), headers: accept === null ? {} : { Accept: accept }, body };
}

export function buildCallCommand({ flow, form, body, key }: Call): string {
  return writeCurl(buildCallRequest(flow, form, body), key);
}

/** The command of curl. A shell that has the key runs it as it is. */
export function writeCurl({ address, headers, body }: CallRequest, key: string): string {
  return [
    `curl -N ${address}`,
    `  -H "Authorization: Bearer ${key}"`,
    '  -H "Content-Type: application/json"',
    ...Object.entries(headers).map(([name, value]) => `  -H "${name}: ${value}"`),
    `  -d ${quoteForShell(JSON.stringify(body))}`,
  ].join(" \\\n");
}

/** In single quotes a shell changes nothing; a single quote itself stands outside of them. */
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
