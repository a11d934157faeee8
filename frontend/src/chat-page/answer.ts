/** Folds the events of a run to the answer that a visitor reads, as the server folds a finished one. Pure. */
import type { AnswerError, AnswerPart, Citation, ConversationTurn, Json, RunEvent } from "../api/types";
import { dropSourceMarks, markSource } from "../run-panel/markdown/source-marks";

export interface Answer {
  /** Of the last event that is in it. */
  seq: number;
  status: ConversationTurn["status"];
  error: AnswerError | null;
  parts: readonly AnswerPart[];
}

export const emptyAnswer: Answer = { seq: 0, status: "waiting", error: null, parts: [] };

export function isGoingOn({ status }: Answer): boolean {
  return status === "waiting" || status === "running";
}

/** The answer after these events. An event that is in it already changes nothing. */
export function takeEvents(answer: Answer, events: readonly RunEvent[]): Answer {
  return events.reduce(
    (before, event) => (event.seq > before.seq ? takeEvent(before, event) : before),
    answer,
  );
}

function takeEvent(before: Answer, event: RunEvent): Answer {
  const answer = { ...before, seq: event.seq };
  switch (event.type) {
    case "run.started":
      return { ...answer, status: "running" };
    case "run.restarted":
      return { ...answer, status: "running", parts: [] };
    case "item":
      return { ...answer, parts: addPart(answer.parts, event) };
    case "run.completed":
      return { ...answer, status: "completed", parts: addResult(answer.parts, event.result) };
    case "run.failed":
      return { ...answer, status: "failed", error: event };
    case "run.cancelled":
      return { ...answer, status: "cancelled" };
    case "run.interrupted":
      return { ...answer, status: "interrupted" };
    default:
      return answer;
  }
}

/** Adds what was yielded. A text goes on with the one before, unless that one has named its sources. */
function addPart(parts: readonly AnswerPart[], item: Extract<RunEvent, { type: "item" }>): AnswerPart[] {
  if (item.text === undefined) return [...parts, { value: item.value ?? null }];
  const citations = item.citations ?? [];
  const last = parts.at(-1);
  if (last?.text === undefined || last.citations?.length) return [...parts, { text: item.text, citations }];
  return [...parts.slice(0, -1), { text: last.text + item.text, citations }];
}

/** A flow that yields nothing answers with what it returns. */
function addResult(parts: readonly AnswerPart[], result: Json): readonly AnswerPart[] {
  if (parts.length > 0 || result === null) return parts;
  return [typeof result === "string" ? { text: result, citations: [] } : { value: result }];
}

export interface ShownAnswer {
  /** Markdown, with the marks of sources. */
  text: string;
  sources: readonly Citation[];
  /** What the flow has yielded as `{"thinking": "…"}`. */
  thinking: string;
  values: readonly Json[];
}

/** The answer as it is shown: sources are numbered in the order in which they are first named. */
export function describeAnswer({ parts }: Answer): ShownAnswer {
  const numbers = new Map<string, number>();
  const sources: Citation[] = [];
  const numberSource = (source: Citation): number => {
    const key = JSON.stringify([source.url, source.source, source.title]);
    if (!numbers.has(key)) numbers.set(key, sources.push(source));
    return numbers.get(key) ?? 0;
  };
  const texts = parts.map(({ text, citations = [] }) => {
    if (text === undefined) return "";
    const marks = [...new Set(citations.map(numberSource))].map(markSource).join("");
    return dropSourceMarks(text).replace(/(\s*)$/, `${marks}$1`);
  });
  const values = parts.flatMap(({ text, value }) => (text === undefined ? [value ?? null] : []));
  return {
    text: texts.join(""),
    sources,
    thinking: values.map(readThinking).join(""),
    values: values.filter((value) => readThinking(value) === ""),
  };
}

function readThinking(value: Json): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  return typeof value.thinking === "string" && Object.keys(value).length === 1 ? value.thinking : "";
}

/** The answer without the numbers of its sources, to be copied. */
export function getPlainText(answer: Answer): string {
  return answer.parts.map(({ text }) => text ?? "").join("");
}
