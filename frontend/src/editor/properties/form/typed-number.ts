/** Reads numbers as they are typed. Pure. */
import type { Json, PropertyDescription } from "../../../api/types";
import { isKeptExactly } from "../../../graph/typed-json";
import { formatNumber } from "../../../ui/format";

type Limits = Pick<PropertyDescription, "title" | "type" | "minimum" | "maximum">;

export type ParsedNumber = { value: number | undefined } | { error: string };

/** The number in a text, or why the text is refused. An empty text is no number and no error. */
export function readNumber(text: string, property: Limits): ParsedNumber {
  const typed = text.trim();
  if (typed === "") return { value: undefined };
  const { title, type, minimum, maximum } = property;
  if (/^-?\d*,\d+$/.test(typed))
    return { error: `Write the decimal point as a point: ${typed.replace(",", ".")}.` };
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(typed)) return { error: `${title} is a number.` };
  if (!isKeptExactly(typed)) return { error: `${title} has more digits than a browser keeps.` };
  const value = Number(typed);
  if (type === "integer" && !Number.isInteger(value)) return { error: `${title} is a whole number.` };
  if (minimum !== null && value < minimum) return { error: `${title} is at least ${formatNumber(minimum)}.` };
  if (maximum !== null && value > maximum) return { error: `${title} is at most ${formatNumber(maximum)}.` };
  return { value };
}

/** The text after a number: its unit, or its limits. */
export function describeLimits({ type, minimum, maximum, unit }: PropertyDescription): string | null {
  if (unit) return unit;
  const digits = type === "integer" ? 0 : 1;
  const shown = (limit: number) => limit.toLocaleString("en", { minimumFractionDigits: digits });
  if (minimum !== null && maximum !== null) {
    return type === "integer" && maximum > 999
      ? `of ${shown(maximum)}`
      : `${shown(minimum)} – ${shown(maximum)}`;
  }
  if (maximum !== null) return `up to ${shown(maximum)}`;
  return minimum === null || minimum <= 1 ? null : `from ${shown(minimum)}`;
}

/** The number one step further, within its limits. */
export function stepNumber(
  value: Json | undefined,
  direction: 1 | -1,
  property: PropertyDescription,
): number {
  const { type, minimum, maximum } = property;
  const step = type === "integer" || (maximum ?? Infinity) - (minimum ?? -Infinity) > 10 ? 1 : 0.1;
  const now =
    typeof value === "number"
      ? value
      : typeof property.default === "number"
        ? property.default
        : (minimum ?? 0);
  const next = Math.round((now + direction * step) * 1e6) / 1e6;
  return Math.min(maximum ?? Infinity, Math.max(minimum ?? -Infinity, next));
}
