/** What the panel shows beside the state of a run: its pace, and the last message of each node. Pure. */
import type { RunEvent } from "../api/types";

/** One point of the pace line stands for this long. */
export const STEP_MS = 250;
/** The pace that is shown is that of the last second. */
const WINDOW_STEPS = 4;

export interface Figures {
  /** Messages in each step of `STEP_MS` since the run began. */
  steps: readonly number[];
  /** The newest message of each streaming node. */
  lastMessage: Readonly<Record<string, string>>;
}

export const noFigures: Figures = { steps: [], lastMessage: {} };

/** The figures after these events, which follow those that were counted before. */
export function count(figures: Figures, events: readonly RunEvent[]): Figures {
  const messages = events.filter(isMessage);
  if (messages.length === 0) return figures;
  const steps = [...figures.steps];
  const lastMessage = { ...figures.lastMessage };
  for (const event of messages) {
    const step = Math.floor(event.ms / STEP_MS);
    while (steps.length <= step) steps.push(0);
    steps[step] = (steps[step] ?? 0) + 1;
    const node = event.type === "item" ? event.source : event.node;
    if (node !== null) lastMessage[node] = event.text ?? "";
  }
  return { steps, lastMessage };
}

type Message = Extract<RunEvent, { type: "item" | "node.message" }>;

function isMessage(event: RunEvent): event is Message {
  return event.type === "item" || event.type === "node.message";
}

/** Messages per second over the last second before `ms`; the step that is still filling does not count. */
export function paceAt({ steps }: Figures, ms: number): number {
  const end = Math.floor(ms / STEP_MS);
  const begin = Math.max(0, end - WINDOW_STEPS);
  const counted = steps.slice(begin, end).reduce((sum, step) => sum + step, 0);
  return end > begin ? (counted * 1000) / ((end - begin) * STEP_MS) : 0;
}

/** Messages per second from the first message to the end, for a stream that is over. */
export function meanPace(messages: number, firstMs: number | null, endMs: number | null): number | null {
  if (messages < 2 || firstMs === null || endMs === null || endMs <= firstMs) return null;
  return (messages * 1000) / (endMs - firstMs);
}
