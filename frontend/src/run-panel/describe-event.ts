/** Describes each event in one line. Pure. */
import type { RunEvent } from "../api/types";
import { formatDuration, formatNumber } from "../ui/format";

export function describeEvent(event: RunEvent): string {
  switch (event.type) {
    case "run.started":
      return event.simulator
        ? `revision ${event.revision}, with the simulator`
        : `revision ${event.revision}`;
    case "node.message":
      return JSON.stringify(event.text);
    case "item":
      return `${event.kind ? `${event.kind}: ` : ""}${JSON.stringify(event.text ?? event.value ?? null)}`;
    case "node.finished":
      return `${formatDuration(event.duration_ms)} ${JSON.stringify(event.outputs)}`;
    case "node.skipped":
      return event.reason;
    case "node.failed":
    case "run.failed":
      return event.message;
    case "log":
      return `${event.level}: ${event.message}`;
    case "warning":
      return event.message;
    case "answer.started":
      return event.model;
    case "usage":
      return describeUsage(event);
    case "run.completed":
      return event.finish_reason ?? "";
    case "run.restarted":
    case "run.cancelled":
    case "run.interrupted":
      return event.reason;
    default:
      return "";
  }
}

function describeUsage(event: Extract<RunEvent, { type: "usage" }>): string {
  const part = (count: number | null, word: string): string[] =>
    count === null ? [] : [`${formatNumber(count)} ${word}`];
  return [event.model, ...part(event.input_tokens, "in"), ...part(event.output_tokens, "out")].join(", ");
}
