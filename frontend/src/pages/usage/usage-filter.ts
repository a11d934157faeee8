import type { CallerKind } from "../../api/types";
import type { UsageQuery } from "../../api/usage";

const DAY_MS = 86_400_000;
export const USUAL_DAYS = 30;
export const spans = [7, 30, 90] as const;
const callerKinds = ["member", "visitor", "schedule", "key"] as const satisfies readonly CallerKind[];

/** What a person has chosen to see, as it stands in the address of the page. Pure. Days are in UTC. */
export interface UsageFilter {
  from: string;
  to: string;
  flow: string | null;
  version: string | null;
  key: string | null;
  caller: CallerKind | null;
}

/** The filter that an address says. Without days it is about the last 30. */
export function readFilter(address: URLSearchParams, now = Date.now()): UsageFilter {
  const last = getLastDays(USUAL_DAYS, now);
  const flow = address.get("flow");
  return {
    from: readDay(address.get("from")) ?? last.from,
    to: readDay(address.get("to")) ?? last.to,
    flow,
    version: flow ? address.get("version") : null,
    key: address.get("key"),
    caller: callerKinds.find((kind) => kind === address.get("caller")) ?? null,
  };
}

/** The address of a filter. What is usual is left out, so that the page without an address shows today's. */
export function writeFilter(filter: UsageFilter, now = Date.now()): URLSearchParams {
  const { from, to } = getLastDays(USUAL_DAYS, now);
  const isUsual = filter.from === from && filter.to === to;
  return new URLSearchParams({
    ...(isUsual ? {} : { from: filter.from, to: filter.to }),
    ...(filter.flow ? { flow: filter.flow } : {}),
    ...(filter.flow && filter.version ? { version: filter.version } : {}),
    ...(filter.key ? { key: filter.key } : {}),
    ...(filter.caller ? { caller: filter.caller } : {}),
  });
}

export function toQuery({ from, to, flow, version, key, caller }: UsageFilter): UsageQuery {
  return {
    from,
    to,
    ...(flow ? { flow } : {}),
    ...(version ? { version } : {}),
    ...(key ? { key } : {}),
    ...(caller ? { caller } : {}),
  };
}

/** So many days up to today. */
export function getLastDays(count: number, now = Date.now()): { from: string; to: string } {
  return { from: writeDay(now - (count - 1) * DAY_MS), to: writeDay(now) };
}

/** The number of days up to today that the filter is about, if it is one of `spans`; null for other days. */
export function findSpan(filter: UsageFilter, now = Date.now()): number | null {
  return (
    spans.find((count) => {
      const { from, to } = getLastDays(count, now);
      return from === filter.from && to === filter.to;
    }) ?? null
  );
}

function writeDay(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

function readDay(text: string | null): string | null {
  return text && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;
}
