/** How the answers of calls are read: their frames, and the texts and errors in these. Pure. */
import type { FormName } from "../snippets/protocols";
import type { Framing } from "./frames";

/** What one frame says. */
export interface FrameContent {
  /** A piece of the answer. */
  text?: string;
  /** Why the run did not complete. */
  error?: string;
}

interface AnswerForm {
  framing: Framing;
  /** @param before the text of the frames before, or its end */
  read: (frame: string, before: string) => FrameContent;
}

type Fields = Partial<Record<string, unknown>>;

export const answerForms: Record<FormName, AnswerForm> = {
  events: { framing: "events", read: (frame) => readRunEvent(readData(frame)) },
  lines: { framing: "lines", read: (frame) => readRunEvent(readObject(frame)) },
  array: { framing: "lines", read: readElement },
  text: { framing: "pieces", read: (frame) => ({ text: frame }) },
  run: { framing: "whole", read: (frame) => readWhole(readObject(frame)) },
  submit: { framing: "whole", read: () => ({}) },
  openai: { framing: "events", read: (frame) => readOpenAi(readData(frame)) },
  responses: { framing: "events", read: (frame) => readTyped(readData(frame), "response.output_text.delta") },
  anthropic: { framing: "events", read: (frame) => readAnthropic(readData(frame)) },
  aiSdk: { framing: "events", read: (frame) => readAiSdk(readData(frame)) },
  agUi: { framing: "events", read: (frame) => readAgUi(readData(frame)) },
  mcp: { framing: "events", read: (frame, before) => readMcp(readData(frame), before) },
};

/** The sentence in the body of a refusal, whatever protocol it is written in. */
export function readRefusalBody(body: string): string | null {
  const refused = readObject(body);
  const error = toFields(refused.error);
  return joinSentences(error) ?? joinSentences(refused) ?? (body.trim() || null);
}

/** The data of a server-sent event, or JSON in its place; no fields where it is no object, such as `[DONE]`. */
function readData(frame: string): Fields {
  const lines = frame.split("\n").filter((line) => line.startsWith("data:"));
  return readObject(lines.length === 0 ? frame : lines.map((line) => line.slice("data:".length)).join("\n"));
}

function readObject(text: string): Fields {
  try {
    return toFields(JSON.parse(text));
  } catch {
    return {};
  }
}

function toFields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? value : {};
}

function toText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function joinSentences({ message, hint }: Fields): string | null {
  if (typeof message !== "string") return null;
  return typeof hint === "string" ? `${message} ${hint}` : message;
}

const FAILED_ENDS = ["run.failed", "run.cancelled", "run.interrupted"];

function readRunEvent(event: Fields): FrameContent {
  if (event.type === "item" && event.kind === undefined) return { text: toText(event.text ?? event.value) };
  const isFailed = FAILED_ENDS.includes(String(event.type));
  return isFailed ? { error: joinSentences(event) ?? "The run did not complete." } : {};
}

/** An element stands on a line of its own, behind `[` or a comma. */
function readElement(line: string): FrameContent {
  const text = line.trim().replace(/^[[,]/, "");
  if (text === "" || text === "]") return {};
  const failed = joinSentences(toFields(readObject(text).error));
  if (failed !== null) return { error: failed };
  try {
    return { text: toText(JSON.parse(text)) };
  } catch {
    return { text };
  }
}

function readWhole(run: Fields): FrameContent {
  const error = joinSentences(toFields(run.error));
  return { text: toText(run.text), ...(error === null ? {} : { error }) };
}

/** An event that says by its type what it is, with the text in `delta`. */
function readTyped(event: Fields, type: string): FrameContent {
  if (event.type === type) return { text: toText(event.delta) };
  return event.type === "error" ? { error: joinSentences(event) ?? undefined } : {};
}

function readOpenAi(chunk: Fields): FrameContent {
  const error = joinSentences(toFields(chunk.error));
  if (error !== null) return { error };
  const [choice] = Array.isArray(chunk.choices) ? (chunk.choices as unknown[]) : [];
  return { text: toText(toFields(toFields(choice).delta).content) };
}

function readAnthropic(event: Fields): FrameContent {
  if (event.type === "error") return { error: joinSentences(toFields(event.error)) ?? undefined };
  return event.type === "content_block_delta" ? { text: toText(toFields(event.delta).text) } : {};
}

function readAiSdk(part: Fields): FrameContent {
  if (part.type === "error") return { error: toText(part.errorText) };
  return part.type === "abort" ? { error: toText(part.reason) } : readTyped(part, "text-delta");
}

function readAgUi(event: Fields): FrameContent {
  if (event.type === "RUN_ERROR") return { error: joinSentences(event) ?? undefined };
  return readTyped(event, "TEXT_MESSAGE_CONTENT");
}

/** The result repeats what progress has told, so its text counts only where there was none. */
function readMcp(message: Fields, before: string): FrameContent {
  if (message.method === "notifications/progress") return { text: toText(toFields(message.params).message) };
  const refused = joinSentences(toFields(message.error));
  if (refused !== null) return { error: refused };
  const result = toFields(message.result);
  const content = Array.isArray(result.content) ? (result.content as unknown[]) : [];
  const texts = content.map((each) => toText(toFields(each).text)).filter((each) => each !== undefined);
  if (result.isError === true) return { error: texts.at(-1) };
  return before === "" ? { text: texts.join("") } : {};
}
