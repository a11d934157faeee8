import type { ApiKeyBody } from "../../api/api-keys";
import type { ApiKeyPolicy, Environment } from "../../api/types";
import { formatDay } from "../../ui/format";
import { findLimitFault, type LimitsDraft, noLimits, toLimits } from "../resource/limits";

/** The form of a new key. Pure. */
export interface ApiKeyDraft {
  name: string;
  policies: ApiKeyPolicy[];
  /** Ids; null for all. */
  flows: string[] | null;
  environments: Environment[];
  /** Origins of web pages as they are typed: parted by blanks, commas or lines. */
  origins: string;
  limits: LimitsDraft;
  /** Days until the key expires; null for never. */
  days: number | null;
}

export const emptyApiKeyDraft: ApiKeyDraft = {
  name: "",
  policies: ["execute"],
  flows: null,
  environments: ["production"],
  origins: "",
  limits: noLimits,
  days: 90,
};

export const expiryChoices = [
  { value: 30, title: "After 30 days" },
  { value: 90, title: "After 90 days" },
  { value: 365, title: "After a year" },
  { value: null, title: "Never" },
];

/** What keeps the key from being created; null when nothing does. */
export function findMissing(draft: ApiKeyDraft): string | null {
  if (!draft.name.trim()) return "Give the key a name.";
  if (draft.policies.length === 0) return "Choose what the key may do.";
  if (draft.environments.length === 0) return "Choose at least one environment.";
  if (draft.flows?.length === 0) return "Choose at least one flow, or all of them.";
  return findOriginsFault(draft) ?? findLimitFault(draft.limits);
}

/** Why the typed origins cannot be sent; null when they can. */
export function findOriginsFault({ origins }: ApiKeyDraft): string | null {
  const wrong = splitOrigins(origins).find((origin) => !isOrigin(origin));
  return wrong ? `${wrong} is not an origin. Write it like https://www.example.com.` : null;
}

export function toApiKeyBody(draft: ApiKeyDraft, now = Date.now()): ApiKeyBody {
  return {
    name: draft.name.trim(),
    policies: draft.policies,
    environments: draft.environments,
    ...(draft.flows ? { flows: draft.flows } : {}),
    ...(draft.origins.trim() ? { origins: splitOrigins(draft.origins) } : {}),
    ...toLimits(draft.limits),
    ...(draft.days ? { expires_at: computeExpiry(draft.days, now) } : {}),
  };
}

export function describeExpiry(days: number | null, now = Date.now()): string {
  return days ? `Refused from ${formatDay(computeExpiry(days, now), now)} on.` : "Valid until it is revoked.";
}

function splitOrigins(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** Whether the text is a scheme, a host and perhaps a port, as a browser names a page's origin. The server decides. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^/\s*?#@]+\/?$/i.test(text) && URL.canParse(text);
}

/** The list with the value, or without it. */
export function toggleValue<Value>(values: readonly Value[], value: Value, on: boolean): Value[] {
  const others = values.filter((other) => other !== value);
  return on ? [...others, value] : others;
}

function computeExpiry(days: number, now: number): string {
  return new Date(now + days * 86_400_000).toISOString();
}
