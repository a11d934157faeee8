/** The figures of a run: its pace, and the last message of each node. Pure. */
import type { RunEvent } from "../api/types";

/** The length of one step of the pace line. */
const PACE_STEP_MS = 250;
/** The shown pace is that of the last second. */
const PACE_WINDOW_STEPS = 4;

/** The number of messages in each step of `PACE_STEP_MS` since the run started. */
export type StepCounts = readonly number[];

export interface NodeFigures {
  steps: StepCounts;
  lastMessage: string;
}

export interface Figures {
  /** The messages that the flow yields. */
  items: StepCounts;
  /** The messages of each streaming node. */
  nodes: Readonly<Record<string, NodeFigures>>;
}

export const emptyFigures: Figures = { items: [], nodes: {} };

/** Adds these events to the figures. The events follow those that were counted before. */
export function countMessages(figures: Figures, events: readonly RunEvent[]): Figures {
  const messages = events.filter(isMessage);
  if (messages.length === 0) return figures;
  const items = messages.filter((event) => event.type === "item");
  const nodes = { ...figures.nodes };
  for (const id of new Set(messages.map(getStreamNode))) {
    const own = messages.filter((event) => getStreamNode(event) === id);
    if (id !== null)
      nodes[id] = { steps: addToSteps(nodes[id]?.steps ?? [], own), lastMessage: own.at(-1)?.text ?? "" };
  }
  return { items: addToSteps(figures.items, items), nodes };
}

type Message = Extract<RunEvent, { type: "item" | "node.message" }>;

function isMessage(event: RunEvent): event is Message {
  return event.type === "item" || event.type === "node.message";
}

/** The node whose stream brought the message; null when a node yielded a value of its own. */
function getStreamNode(event: Message): string | null {
  return event.type === "item" ? event.source : event.node;
}

function addToSteps(steps: StepCounts, messages: readonly Message[]): StepCounts {
  if (messages.length === 0) return steps;
  const sum = [...steps];
  for (const { ms } of messages) {
    const step = Math.floor(ms / PACE_STEP_MS);
    while (sum.length <= step) sum.push(0);
    sum[step] = (sum[step] ?? 0) + 1;
  }
  return sum;
}

/** Messages per second in the last second before `ms`. The unfinished step does not count. */
export function computePace(steps: StepCounts, ms: number): number {
  const end = Math.floor(ms / PACE_STEP_MS);
  const begin = Math.max(0, end - PACE_WINDOW_STEPS);
  const counted = steps.slice(begin, end).reduce((sum, step) => sum + step, 0);
  return end > begin ? (counted * 1000) / ((end - begin) * PACE_STEP_MS) : 0;
}

/** Messages per second from the first message to the end of a stream. */
export function computeMeanPace(
  messages: number,
  firstMs: number | null,
  endMs: number | null,
): number | null {
  if (messages < 2 || firstMs === null || endMs === null || endMs <= firstMs) return null;
  return (messages * 1000) / (endMs - firstMs);
}
