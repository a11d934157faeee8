/** A chat page as its visitors call it. */
import { type CallOptions, call, type Method, openAnswer } from "./client";
import type { Conversation, ConversationFile, OpenChatPage, OpenWidget, Rating, TurnList } from "./types";
import { sendFile, type Upload } from "./upload";
import { getWidgetVisitor, storeWidgetVisitor } from "./widget-visitor";

const EVENT_STREAM = "text/event-stream";
let isWidget = false;

export function openChatPage(address: string): Promise<OpenChatPage> {
  return call("GET", `chat/${address}`);
}

/** Opens the page in a frame of a page of `origin`. From then on each call names its visitor by a token. */
export async function openWidget(address: string, origin: string): Promise<OpenChatPage> {
  isWidget = true;
  const known = getWidgetVisitor().visitor;
  const body = { origin, visitor: known };
  const { visitor, ...look } = await call<OpenWidget>("POST", `chat/${address}/widget`, { body });
  if (visitor !== known) storeWidgetVisitor({ visitor, conversation: null });
  return { ...look, is_member: false };
}

function callAsVisitor<Answer>(method: Method, path: string, options?: CallOptions): Promise<Answer> {
  return call(method, path, nameVisitor(options));
}

function nameVisitor(options: CallOptions = {}): CallOptions {
  if (!isWidget) return options;
  return { ...options, headers: { ...options.headers, "X-Chat-Visitor": getWidgetVisitor().visitor } };
}

export async function listConversations(address: string, search: string): Promise<Conversation[]> {
  const query = { search: search || undefined };
  return (
    await callAsVisitor<{ conversations: Conversation[] }>("GET", `chat/${address}/conversations`, { query })
  ).conversations;
}

export function fetchTurns(address: string, conversation: string): Promise<TurnList> {
  return callAsVisitor("GET", `chat/${address}/conversations/${conversation}/turns`);
}

export function renameConversation(
  address: string,
  conversation: string,
  name: string,
): Promise<Conversation> {
  return callAsVisitor("PATCH", `chat/${address}/conversations/${conversation}`, { body: { name } });
}

export function deleteConversation(address: string, conversation: string): Promise<undefined> {
  return callAsVisitor("DELETE", `chat/${address}/conversations/${conversation}`);
}

export interface Question {
  prompt: string;
  /** The run whose turn this one takes the place of. */
  replaces: string | null;
  /** The ids of its files, in order. */
  files: readonly string[];
  /** Names the question, so that it is asked once, however often it is sent. */
  key: string;
}

/** Asks a question. The answer is a stream of events; its header `X-Run` names the run. */
export function askQuestion(
  address: string,
  conversation: string,
  { key, ...body }: Question,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { Accept: EVENT_STREAM, "Idempotency-Key": key };
  const path = `chat/${address}/conversations/${conversation}/messages`;
  return openAnswer("POST", path, nameVisitor({ body, headers, signal }));
}

/** The events of an answer after the one with the number `after`. 204 when it has ended and there are none. */
export function readAnswer(
  address: string,
  run: string,
  after: number,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { Accept: EVENT_STREAM, ...(after > 0 ? { "Last-Event-ID": String(after) } : {}) };
  return openAnswer("GET", `chat/${address}/runs/${run}/events`, nameVisitor({ headers, signal }));
}

export function stopAnswer(address: string, run: string): Promise<unknown> {
  return callAsVisitor("POST", `chat/${address}/runs/${run}/stop`);
}

export function rateAnswer(
  address: string,
  run: string,
  rating: Rating | null,
  comment: string,
): Promise<undefined> {
  return callAsVisitor("PUT", `chat/${address}/runs/${run}/rating`, { body: { rating, comment } });
}

/** Uploads a file for the next question. Calls `onSent` with the number of bytes that have been sent. */
export function addFile(
  address: string,
  file: File,
  onSent: (bytes: number) => void,
): Upload<ConversationFile> {
  return sendFile(`chat/${address}/files`, file, onSent, nameVisitor().headers);
}

/** Deletes a file that was not sent with a question. */
export function removeFile(address: string, file: string): Promise<undefined> {
  return callAsVisitor("DELETE", `chat/${address}/files/${file}`);
}

/** The content of one of the visitor's own files. */
export async function fetchFile(address: string, file: string): Promise<Blob> {
  const headers = { Accept: "*/*" };
  return (await openAnswer("GET", `chat/${address}/files/${file}`, nameVisitor({ headers }))).blob();
}
