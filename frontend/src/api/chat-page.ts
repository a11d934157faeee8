/** A chat page as its visitors call it. */
import { call, openAnswer } from "./client";
import type { Conversation, OpenChatPage, Rating, TurnList } from "./types";

const EVENT_STREAM = "text/event-stream";

export function openChatPage(address: string): Promise<OpenChatPage> {
  return call("GET", `chat/${address}`);
}

export async function listConversations(address: string, search: string): Promise<Conversation[]> {
  const query = { search: search || undefined };
  return (await call<{ conversations: Conversation[] }>("GET", `chat/${address}/conversations`, { query }))
    .conversations;
}

export function fetchTurns(address: string, conversation: string): Promise<TurnList> {
  return call("GET", `chat/${address}/conversations/${conversation}/turns`);
}

export function renameConversation(
  address: string,
  conversation: string,
  name: string,
): Promise<Conversation> {
  return call("PATCH", `chat/${address}/conversations/${conversation}`, { body: { name } });
}

export function deleteConversation(address: string, conversation: string): Promise<undefined> {
  return call("DELETE", `chat/${address}/conversations/${conversation}`);
}

export interface Question {
  prompt: string;
  /** The run whose turn this one takes the place of. */
  replaces: string | null;
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
  return openAnswer("POST", `chat/${address}/conversations/${conversation}/messages`, {
    body,
    headers,
    signal,
  });
}

/** The events of an answer after the one with the number `after`. 204 when it has ended and there are none. */
export function readAnswer(
  address: string,
  run: string,
  after: number,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { Accept: EVENT_STREAM, ...(after > 0 ? { "Last-Event-ID": String(after) } : {}) };
  return openAnswer("GET", `chat/${address}/runs/${run}/events`, { headers, signal });
}

export function stopAnswer(address: string, run: string): Promise<unknown> {
  return call("POST", `chat/${address}/runs/${run}/stop`);
}

export function rateAnswer(
  address: string,
  run: string,
  rating: Rating | null,
  comment: string,
): Promise<undefined> {
  return call("PUT", `chat/${address}/runs/${run}/rating`, { body: { rating, comment } });
}
