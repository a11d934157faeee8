/** The form of a chat page: what is typed, and the words of its choices. Pure. */
import type { ChatPageChange } from "../../api/chat-page-setup";
import type { ChatPage } from "../../api/types";
import { createLimitsDraft, type LimitsDraft, noLimits, toLimits } from "../../pages/resource/limits";

/** The page as it is typed: one starter, and one origin, on each line. */
export type ChatPageDraft = Omit<ChatPageChange, "starters" | "origins" | "limits"> & {
  starters: string;
  origins: string;
  limits: LimitsDraft;
};

export function toDraft(page: ChatPage): ChatPageDraft {
  const { access, name, title, description, greeting, notice, colour } = page;
  const [starters, origins] = [page.starters.join("\n"), page.origins.join("\n")];
  const limits = page.limits ? createLimitsDraft(page.limits) : noLimits;
  return { access, name, title, description, greeting, notice, colour, starters, origins, limits };
}

export function toChange({ starters, origins, limits, ...draft }: ChatPageDraft): ChatPageChange {
  const lists = { starters: splitLines(starters), origins: splitLines(origins) };
  return { ...draft, ...lists, limits: toLimits(limits) };
}

function splitLines(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "");
}

export const accessChoices: readonly { value: ChatPage["access"]; title: string }[] = [
  { value: "nobody", title: "Nobody" },
  { value: "members", title: "Members of the workspace" },
  { value: "link", title: "Anybody with the link" },
  { value: "public", title: "Everybody" },
];

export const accessHelp: Record<ChatPage["access"], string> = {
  nobody: "The page is closed. What visitors have open ends within seconds.",
  members: "Whoever is signed in as a member, viewers too.",
  link: "The link cannot be guessed. Who has it can pass it on.",
  public: "The address can be guessed. Everybody may ask, at the cost of your connections.",
};

export const colourChoices: readonly { value: ChatPage["colour"]; title: string }[] = [
  { value: "teal", title: "Teal" },
  { value: "orange", title: "Orange" },
  { value: "navy", title: "Navy" },
  { value: "violet", title: "Violet" },
  { value: "slate", title: "Slate" },
];
