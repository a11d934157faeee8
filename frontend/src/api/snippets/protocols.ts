/** The clients of other servers that a flow answers, with code that is ready to paste. */
import { agUiSnippets, getAgentPath } from "./ag-ui";
import { aiSdkSnippets, getAiSdkPath } from "./ai-sdk";
import { anthropicSnippets } from "./anthropic";
import { openAiSnippets } from "./openai-chat";
import { responsesSnippets } from "./openai-responses";
import type { Language, ProtocolCall, Snippets } from "./writing";

export const languages: { value: Language; title: string }[] = [
  { value: "curl", title: "curl" },
  { value: "python", title: "Python" },
  { value: "typescript", title: "TypeScript" },
  { value: "csharp", title: "C#" },
];

interface Protocol {
  title: string;
  hint: string;
  /** The last part of the address that a client is given. */
  getAddress: (flow: string) => string;
  snippets: Snippets;
}

/** The protocols that a flow with a chat trigger speaks. */
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
} as const satisfies Record<string, Protocol>;

export type ProtocolName = keyof typeof protocols;

/** The address that a client of the protocol is given. */
export function buildProtocolAddress(protocol: ProtocolName, flow: string): string {
  return location.origin + protocols[protocol].getAddress(flow);
}

export function buildSnippet(protocol: ProtocolName, language: Language, call: ProtocolCall): string {
  return protocols[protocol].snippets[language](call);
}
