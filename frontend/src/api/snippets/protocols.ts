/** The clients of other servers that a flow answers, with code that is ready to paste. */
import { buildCallRequest, type CallFormName, type CallRequest } from "../call-command";
import type { RunInput } from "../types";
import { getServerAddress } from "../server-address";
import { agUiSnippets, buildAgUiRequest, getAgentPath } from "./ag-ui";
import { aiSdkSnippets, buildAiSdkRequest, getAiSdkPath } from "./ai-sdk";
import { anthropicSnippets, buildAnthropicRequest } from "./anthropic";
import { buildMcpRequest, MCP_PATH, mcpSnippets } from "./mcp";
import { buildOpenAiRequest, openAiSnippets } from "./openai-chat";
import { buildResponsesRequest, responsesSnippets } from "./openai-responses";
import { type Language, languages, type ProtocolCall, type Snippets } from "./writing";

interface Protocol {
  title: string;
  hint: string;
  /** The last part of the address that a client is given. */
  getAddress: (flow: string) => string;
  /** What the code sends. */
  buildRequest: (call: ProtocolCall) => CallRequest;
  snippets: Snippets;
  /** Whether it is for every flow, not only for one with a chat trigger. */
  takesAnyInput?: boolean;
}

/** The protocols that flows speak. */
export const protocols = {
  openai: {
    title: "OpenAI chat completions",
    hint: "For chat pages and programs that speak OpenAI: the flow is the model.",
    getAddress: () => "/v1",
    buildRequest: buildOpenAiRequest,
    snippets: openAiSnippets,
  },
  responses: {
    title: "OpenAI Responses",
    hint: "For programs that use OpenAI's Responses. Where the flow keeps a history, a call goes on from the id of an answer.",
    getAddress: () => "/v1",
    buildRequest: buildResponsesRequest,
    snippets: responsesSnippets,
  },
  anthropic: {
    title: "Anthropic Messages",
    hint: "For programs that were written for Claude: the flow is the model.",
    getAddress: () => "",
    buildRequest: buildAnthropicRequest,
    snippets: anthropicSnippets,
  },
  aiSdk: {
    title: "AI SDK chat",
    hint: "For pages with useChat. A page that is loaded again comes back to its answer.",
    getAddress: getAiSdkPath,
    buildRequest: buildAiSdkRequest,
    snippets: aiSdkSnippets,
  },
  agUi: {
    title: "AG-UI agent",
    hint: "For pages that run agents, such as those with CopilotKit: the flow is the agent.",
    getAddress: getAgentPath,
    buildRequest: buildAgUiRequest,
    snippets: agUiSnippets,
  },
  mcp: {
    title: "MCP tool",
    hint: "For assistants and agents that speak the Model Context Protocol: the flow is a tool of its address name.",
    getAddress: () => MCP_PATH,
    buildRequest: buildMcpRequest,
    snippets: mcpSnippets,
    takesAnyInput: true,
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof protocols;

/** A call over REST, or in a protocol. */
export type FormName = CallFormName | ProtocolName;

export function isProtocol(form: FormName): form is ProtocolName {
  return form in protocols;
}

/** What a client sends, in any form. */
export function buildFormRequest(form: FormName, flow: string, input: RunInput): CallRequest {
  if (!isProtocol(form)) return buildCallRequest(flow, form, input);
  const { buildRequest }: Protocol = protocols[form];
  return buildRequest({
    flow,
    prompt: typeof input.prompt === "string" ? input.prompt : "",
    input,
    key: null,
  });
}

/** The address that a client of the protocol is given. */
export function buildProtocolAddress(protocol: ProtocolName, flow: string): string {
  return getServerAddress() + protocols[protocol].getAddress(flow);
}

export function takesAnyInput(protocol: ProtocolName): boolean {
  const { takesAnyInput = false }: Protocol = protocols[protocol];
  return takesAnyInput;
}

/** The languages in which a protocol has code. */
export function listLanguages(protocol: ProtocolName) {
  return languages.filter(({ value }) => value in protocols[protocol].snippets);
}

/** The code in one of `listLanguages`. */
export function buildSnippet(protocol: ProtocolName, language: Language, call: ProtocolCall): string {
  const { snippets }: Protocol = protocols[protocol];
  return snippets[language]?.(call) ?? "";
}
