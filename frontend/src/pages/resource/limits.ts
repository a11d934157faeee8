import type { KeyLimits } from "../../api/api-keys";
import type { ApiKey } from "../../api/types";
import { formatCount, formatNumber } from "../../ui/format";

type LimitName = keyof KeyLimits;

/** The limits of a key, or of a chat page, as they are typed. Pure. */
export type LimitsDraft = Record<LimitName, string>;

export const limitFields: readonly { name: LimitName; title: string; unit: string }[] = [
  { name: "runs_per_minute", title: "Runs per minute", unit: "runs" },
  { name: "runs_at_once", title: "Running at once", unit: "runs" },
  { name: "tokens_per_day", title: "Tokens per day", unit: "tokens" },
];

export const noLimits: LimitsDraft = { runs_per_minute: "", runs_at_once: "", tokens_per_day: "" };

export function createLimitsDraft(limits: Record<LimitName, number | null>): LimitsDraft {
  const write = (value: number | null) => (value === null ? "" : String(value));
  return {
    runs_per_minute: write(limits.runs_per_minute),
    runs_at_once: write(limits.runs_at_once),
    tokens_per_day: write(limits.tokens_per_day),
  };
}

/** Why the typed limits cannot be sent; null when they can. */
export function findLimitFault(draft: LimitsDraft): string | null {
  const wrong = limitFields.find(({ name }) => draft[name].trim() && !readLimit(draft[name]));
  return wrong ? `${wrong.title} is a whole number from 1, or empty.` : null;
}

export function toLimits(draft: LimitsDraft): KeyLimits {
  const given = limitFields.map(({ name }) => [name, readLimit(draft[name])] as const);
  return Object.fromEntries(given.filter(([, value]) => value));
}

/** `60 runs per minute, 2 at once`; null without limits. */
export function describeLimits(apiKey: ApiKey): string | null {
  const { runs_per_minute: minute, runs_at_once: once, tokens_per_day: tokens } = apiKey;
  const parts = [
    minute && `${formatCount(minute, "run")} per minute`,
    once && `${formatNumber(once)} at once`,
    tokens && `${formatCount(tokens, "token")} per day`,
  ].filter(Boolean);
  return parts.join(", ") || null;
}

/** The number that a text is; 0 for one that is none. Commas and blanks may part its digits. */
function readLimit(text: string): number {
  const digits = text.replace(/[\s,]/g, "");
  return /^\d{1,12}$/.test(digits) ? Number(digits) : 0;
}
