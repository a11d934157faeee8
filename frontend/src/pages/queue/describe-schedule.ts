/** Schedules and their runs in words. Pure. */
import type { CallerKind, QueueRun, Schedule, ScheduleNote } from "../../api/types";
import { formatCount, formatDay } from "../../ui/format";

const callers = {
  member: "by a member",
  key: "by an API key",
  visitor: "by a visitor",
  schedule: "by schedule",
} satisfies Record<CallerKind, string>;

const reasons = {
  missed: "missed",
  overlap: "skipped",
  refused: "refused",
} satisfies Record<ScheduleNote["reason"], string>;

const explanations = {
  missed: "No server ran, or none had room, within a minute.",
  overlap: "A run of the schedule still went on.",
  refused: "",
} satisfies Record<ScheduleNote["reason"], string>;

export function describeCaller(caller: CallerKind | null): string {
  return caller === null ? "by an unknown caller" : callers[caller];
}

/** Why a run has failed: its message, else the code. */
export function describeReason({ status, error }: QueueRun): string {
  return error?.message || error?.code || status;
}

/** `3 times missed`. */
export function describeNote({ reason, count }: ScheduleNote): string {
  return `${formatCount(count, "time")} ${reasons[reason]}`;
}

/** Why nothing was started. */
export function explainNote({ reason, message }: ScheduleNote): string {
  return message || explanations[reason];
}

/** `28 Nov`, or `28 Nov to 30 Nov`. */
export function describeSpan({ first_due_at: first, last_due_at: last }: ScheduleNote, now?: number): string {
  const [from, to] = [formatDay(first, now), formatDay(last, now)];
  return from === to ? from : `${from} to ${to}`;
}

/** What the trigger says of times that cannot be kept. */
export function describeRules({ missed, overlap }: Schedule): string {
  const late = missed === "run_once" ? "one late run makes up for missed times" : "missed times are noted";
  const beside = overlap === "start" ? "runs may overlap" : "no run starts while one goes on";
  return `${late.charAt(0).toUpperCase()}${late.slice(1)}; ${beside}.`;
}
