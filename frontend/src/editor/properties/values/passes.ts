/** The passes of a node of which something is kept. Pure. */
import type { NodeValues } from "../../../api/types";
import { formatNumber } from "../../../ui/format";

export type Ranges = NodeValues["kept_passes"];

export function isKept(kept: Ranges, pass: number): boolean {
  return kept.some(({ first, last }) => first <= pass && pass <= last);
}

/** The nearest kept pass before or after this one; null when there is none. */
export function findNeighbour(kept: Ranges, pass: number, step: 1 | -1): number | null {
  const near = pass + step;
  if (isKept(kept, near)) return near;
  if (step === 1) return kept.find(({ first }) => first > pass)?.first ?? null;
  return kept.findLast(({ last }) => last < pass)?.last ?? null;
}

/** `1 to 50 and 400`. */
export function describeRanges(kept: Ranges): string {
  const parts = kept.map(({ first, last }) =>
    first === last ? formatNumber(first) : `${formatNumber(first)} to ${formatNumber(last)}`,
  );
  return new Intl.ListFormat("en").format(parts);
}
