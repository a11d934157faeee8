/** The clients of other servers that a flow answers, with code that is ready to paste. */
import { getServerAddress } from "../server-address";
import { agUiSnippets, getAgentPath } from "./ag-ui";
import { aiSdkSnippets, getAiSdkPath } from "./ai-sdk";
import { anthropicSnippets } from "./anthropic";
import { MCP_PATH, mcpSnippets } from "./mcp";
import { openAiSnippets } from "./openai-chat";
import { responsesSnippets } from "./openai-responses";
import { type Language, languages, type ProtocolCall, type Snippets } from "./writing";

interface Protocol {
  title: string;
  hint: string;
  /** The last part of the address that a client is given. */
  getAddress: (flow: string) => string;
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
    snippets: openAiSnippets,
  },
  responses: {
    title: "OpenAI Responses",
    hint: "For programs that use OpenAI's Responses. Where the flow keeps a history, a call goes on from the id of an answer.",
    getAddress: () => "/v1",
    snippets: responsesSnippets,
  },
  anthropic: {
    title: "Anthropic Messages",
    hint: "For programs that were written for Claude: the flow is the model.",
    getAddress: () => "",
    snippets: anthropicSnippets,
  },
  aiSdk: {
    title: "AI SDK chat",
    hint: "For pages with useChat. A page that is loaded again comes back to its answer.",
    getAddress: getAiSdkPath,
    snippets: aiSdkSnippets,
  },
  agUi: {
    title: "AG-UI agent",
    hint: "For pages that run agents, such as those with CopilotKit: the flow is the agent.",
    getAddress: getAgentPath,
    snippets: agUiSnippets,
  },
  mcp: {
    title: "MCP tool",
    hint: "For assistants and agents that speak the Model Context Protocol: the flow is a tool of its address name.",
    getAddress: () => MCP_PATH,
    snippets: mcpSnippets,
    takesAnyInput: true,
  },
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof protocols;

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
