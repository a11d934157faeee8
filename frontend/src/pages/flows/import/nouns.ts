import type { AskedPlaceholder } from "../../../api/types";

const NOUNS: Record<string, string> = { collection: "Collection", flow: "Flow", secret: "Secret" };
const CONNECTION_KINDS: Record<string, string> = {
  anthropic: "Anthropic",
  http: "HTTP",
  openai: "OpenAI-compatible",
  voyage: "Voyage",
};

/** What a placeholder asks for, such as "Anthropic connection". */
export function findConnectionNoun({ type, kind }: AskedPlaceholder): string {
  if (type !== "connection") return NOUNS[type] ?? type;
  return `${CONNECTION_KINDS[kind ?? ""] ?? kind ?? ""} connection`.trim();
}
