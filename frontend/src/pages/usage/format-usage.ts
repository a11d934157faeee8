import type { UsageFigures } from "../../api/types";
import { formatNumber } from "../../ui/format";

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** `$0`, `$0.0046`, `$12.40`, `$1,204`: two figures at least. */
export function formatDollars(value: number): string {
  if (value === 0) return "$0";
  if (value < 0.0001) return "under $0.0001";
  if (value < 1) return `$${value.toFixed(4)}`;
  return value < 1000 ? `$${value.toFixed(2)}` : `$${formatNumber(Math.round(value))}`;
}

/** `812`, `4.1K`, `12M`. */
export function formatCompact(value: number): string {
  return compact.format(value);
}

/** `20 Nov`, of a day in UTC. */
export function formatUtcDay(text: string): string {
  return day.format(new Date(`${text}T00:00:00Z`));
}

/** `20 Nov 2026`, of a day in UTC. */
export function formatUtcDate(text: string): string {
  return date.format(new Date(`${text}T00:00:00Z`));
}

export function sumTokens({ tokens }: Pick<UsageFigures, "tokens">): number {
  return tokens.input + tokens.output + tokens.cache_read + tokens.cache_write;
}
