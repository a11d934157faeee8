/** What a client received of a run, and how the run ended: what is kept of it beside its log. Pure. */
import type { Json, Run, RunEvent, RunState } from "../api/types";

export interface RunRecord {
  state: RunState;
  /** The yielded values that are not text. */
  values: readonly Json[];
  /** How many days after the end of the run its log was deleted; null when it was not. */
  deletedAfterDays: number | null;
}

const DAY_MS = 86_400_000;

export function toRunRecord({ state, yielded, finished_at, log_expired_at }: Run): RunRecord {
  const keptMs = Date.parse(log_expired_at ?? "") - Date.parse(finished_at ?? "");
  return {
    state,
    values: (yielded ?? []).filter((value) => typeof value !== "string"),
    deletedAfterDays: log_expired_at === null ? null : Math.round(keptMs / DAY_MS),
  };
}

/** The values that these events yielded and that are not text, the last `most` of them. */
export function collectValues(log: readonly RunEvent[], most: number): Json[] {
  const values = log.flatMap((event) =>
    event.type === "item" && event.text === undefined ? [event.value ?? null] : [],
  );
  return values.slice(-most);
}
