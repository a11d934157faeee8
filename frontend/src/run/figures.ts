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
  /** The answers of models at each node. */
  answers: Readonly<Record<string, AnswerFigures>>;
}

/** The answers that ended at a node, and the start of the one that goes on. */
export interface AnswerFigures {
  tokens: number;
  ms: number;
  startedMs: number | null;
}

const noAnswers: AnswerFigures = { tokens: 0, ms: 0, startedMs: null };

export const emptyFigures: Figures = { items: [], nodes: {}, answers: {} };

/** Adds these events to the figures. The events follow those that were counted before. */
export function countMessages(figures: Figures, events: readonly RunEvent[]): Figures {
  const answers = countAnswers(figures.answers, events);
  const messages = events.filter(isMessage);
  if (messages.length === 0) return answers === figures.answers ? figures : { ...figures, answers };
  const items = messages.filter((event) => event.type === "item");
  const nodes = { ...figures.nodes };
  for (const id of new Set(messages.map(getStreamNode))) {
    const own = messages.filter((event) => getStreamNode(event) === id);
    if (id !== null)
      nodes[id] = { steps: addToSteps(nodes[id]?.steps ?? [], own), lastMessage: own.at(-1)?.text ?? "" };
  }
  return { items: addToSteps(figures.items, items), nodes, answers };
}

function countAnswers(before: Figures["answers"], events: readonly RunEvent[]): Figures["answers"] {
  let answers = before;
  for (const event of events) {
    if (event.type !== "answer.started" && event.type !== "usage") continue;
    const own = answers[event.node] ?? noAnswers;
    answers = { ...answers, [event.node]: countAnswer(own, event) };
  }
  return answers;
}

type AnswerEvent = Extract<RunEvent, { type: "answer.started" | "usage" }>;

function countAnswer(own: AnswerFigures, event: AnswerEvent): AnswerFigures {
  if (event.type === "answer.started") return { ...own, startedMs: event.ms };
  if (own.startedMs === null || event.output_tokens === null) return { ...own, startedMs: null };
  return { tokens: own.tokens + event.output_tokens, ms: own.ms + event.ms - own.startedMs, startedMs: null };
}

/** Output tokens per second of the answers that have ended; null while there is none. */
export function computeTokenPace(answers: readonly AnswerFigures[]): number | null {
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens, 0);
  const ms = answers.reduce((sum, answer) => sum + answer.ms, 0);
  return ms > 0 ? (tokens * 1000) / ms : null;
}

/** A token of English text has about four characters. */
const CHARACTERS_PER_TOKEN = 4;

/** About how many tokens per second come, before the model tells its count. `text` is that of these messages. */
export function estimateTokenPace(messagesPerSecond: number, messages: number, text: string): number {
  return messages === 0 ? 0 : (messagesPerSecond * text.length) / messages / CHARACTERS_PER_TOKEN;
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
