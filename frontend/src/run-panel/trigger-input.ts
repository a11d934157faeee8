/** What started a run, in words, where that is no prompt and no body of a caller: a due time, or feedback. Pure. */
import type { Json, RunInput } from "../api/types";
import { formatCount } from "../ui/format";
import { formatWallTime } from "../ui/wall-time";

export interface TriggerWords {
  kind: "schedule" | "feedback";
  /** `Schedule, due Mon 30 Nov, 09:00 +01:00, Europe/Berlin`. */
  title: string;
  /** What more there is to say; null when there is nothing. */
  more: string | null;
}

/** The words for the input of a run; null for one that is a prompt or any other body. */
export function describeTriggerInput(input: Json | RunInput): TriggerWords | null {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return null;
  return describeDueTime(input) ?? describeFeedback(input);
}

/** The fields that the trigger Schedule gives each run. */
function describeDueTime({ due_at: at, time_zone: zone, late, missed }: RunInput): TriggerWords | null {
  if (typeof at !== "string" || Number.isNaN(Date.parse(at)) || typeof zone !== "string") return null;
  if (typeof late !== "boolean" || typeof missed !== "number") return null;
  const parts = [
    ...(late ? ["late"] : []),
    ...(missed > 0 ? [`${formatCount(missed, "time")} missed before`] : []),
  ];
  return {
    kind: "schedule",
    title: `Schedule, due ${formatWallTime(at)}, ${zone}`,
    more: parts.length ? parts.join(", ") : null,
  };
}

const ratings: Record<string, string> = { good: "rated good", bad: "rated bad", none: "rating withdrawn" };

/** The fields that the trigger Chat feedback gives each run. */
function describeFeedback({ change, rating, remark, question }: RunInput): TriggerWords | null {
  if (typeof change !== "string" || typeof remark !== "string" || typeof question !== "string") return null;
  const word = typeof rating === "string" ? ratings[rating] : undefined;
  if (word === undefined) return null;
  return {
    kind: "feedback",
    title: remark ? `Chat feedback, ${word}: “${remark}”` : `Chat feedback, ${word}`,
    more: question ? `asked: “${question}”` : null,
  };
}
