import { MAX_LISTED_DOCUMENTS } from "../../../api/collections";
import { formatNumber } from "../../../ui/format";

/** Says that a list has the newest documents only; null where it has all of the `total`. */
export function describeShownPart(listed: number, total: number): string | null {
  if (listed < MAX_LISTED_DOCUMENTS || total <= listed) return null;
  return `These are the newest ${formatNumber(listed)} of ${formatNumber(total)} documents. A search finds all of them.`;
}
