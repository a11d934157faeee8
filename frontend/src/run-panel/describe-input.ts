import type { Json, RunInput } from "../api/types";
import { getPrompt, hasContent } from "../run/format";
import { describeTriggerInput } from "./trigger-input";

/** The input in one line: the prompt of a chat, what a trigger was given in words, otherwise the JSON. Pure. */
export function describeInput(input: Json | RunInput): string {
  const words = describeTriggerInput(input);
  if (words) return words.more ? `${words.title}, ${words.more}` : words.title;
  return getPrompt(input) || (hasContent(input) ? JSON.stringify(input) : "");
}
