/** The conversation that the page shows: its turns, and what goes on in the last one. Made without React. */
import { createStore } from "zustand/vanilla";
import { askQuestion, fetchTurns, type Question, rateAnswer, readAnswer, stopAnswer } from "../api/chat-page";
import { ApiError } from "../api/client";
import type { ConversationFile, ConversationTurn, Rating } from "../api/types";
import { type Answer, emptyAnswer, isGoingOn, takeEvents } from "./answer";
import { readEvents } from "./event-stream";
import { createId, writeConversationId } from "./ids";

/** A question and its answer. */
export interface Turn {
  key: string;
  prompt: string;
  files: readonly ConversationFile[];
  /** The run that answers; null until the server has taken the question. */
  run: string | null;
  answer: Answer;
  rating: Rating | null;
  comment: string;
  /** Why the question was not taken, or the answer cannot be read any more. */
  refusal: ApiError | null;
  /** What is sent again after a refusal; null of a turn that was loaded. */
  question: Question | null;
}

interface Conversation {
  address: string;
  id: string;
  turns: readonly Turn[];
  isLoading: boolean;
  /** Why the conversation could not be loaded, or a turn not be answered again. */
  failure: ApiError | null;
  /** Rises when the list of conversations is another one. */
  changes: number;
}

const emptyConversation: Conversation = {
  address: "",
  id: createId(),
  turns: [],
  isLoading: false,
  failure: null,
  changes: 0,
};

export const conversationStore = createStore<Conversation>()(() => emptyConversation);

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 8_000;
let reading = new AbortController();

/** Begins a new conversation on the page at `address`. What goes on in the one before goes on at the server. */
export function beginConversation(address: string): void {
  leave();
  writeConversationId(null);
  conversationStore.setState({ ...emptyConversation, address, id: createId(), changes: get().changes });
}

/** Shows a conversation that the server knows; goes on with its last answer, if that is still written. */
export async function openConversation(address: string, id: string): Promise<void> {
  leave();
  writeConversationId(id);
  conversationStore.setState({ address, id, turns: [], isLoading: true, failure: null });
  const { signal } = reading;
  try {
    const { turns } = await fetchTurns(address, id);
    if (signal.aborted) return;
    conversationStore.setState({ turns: turns.map(toTurn), isLoading: false });
    const last = get().turns.at(-1);
    if (last?.run && isGoingOn(last.answer)) void hear(last.key, last.run, null, signal);
  } catch (error) {
    if (!signal.aborted) conversationStore.setState({ isLoading: false, failure: toApiError(error) });
  }
}

/** Asks a question. With `replaces`, it takes the place of that run's turn, and of all that follow. */
export function ask(
  prompt: string,
  replaces: string | null = null,
  files: readonly ConversationFile[] = [],
): void {
  const before = get().turns;
  const at = replaces === null ? before.length : before.findIndex(({ run }) => run === replaces);
  const question: Question = { prompt, replaces, files: files.map(({ id }) => id), key: createId() };
  const turn: Turn = { ...newTurn, key: question.key, prompt, files, question };
  conversationStore.setState({ turns: [...before.slice(0, at), turn], failure: null });
  void send(turn, before);
}

/** Sends a question again that was refused, under the same name: it is asked once. */
export function askAgain(turn: Turn): void {
  changeTurn(turn.key, { refusal: null });
  if (turn.run) void hear(turn.key, turn.run, null, reading.signal);
  else void send(turn, get().turns);
}

/** Stops the answer that is written now. What has come of it stays. */
export async function stop(): Promise<void> {
  const last = get().turns.at(-1);
  if (last?.run) await stopAnswer(get().address, last.run).catch(() => undefined);
}

/** Rates an answer. The rating is shown at once, a comment when the server has it. @returns whether it has both */
export async function rate(turn: Turn, rating: Rating | null, comment = ""): Promise<boolean> {
  if (turn.run === null) return false;
  changeTurn(turn.key, { rating });
  try {
    await rateAnswer(get().address, turn.run, rating, comment);
    changeTurn(turn.key, { comment });
    return true;
  } catch {
    changeTurn(turn.key, { rating: turn.rating });
    return false;
  }
}

export function isAnswering({ turns }: Conversation): boolean {
  const last = turns.at(-1);
  return last !== undefined && last.refusal === null && isGoingOn(last.answer);
}

const newTurn = { run: null, answer: emptyAnswer, rating: null, comment: "", refusal: null };

async function send(turn: Turn, before: readonly Turn[]): Promise<void> {
  if (turn.question === null) return;
  const { address, id } = get();
  const { signal } = reading;
  try {
    const response = await askQuestion(address, id, turn.question, signal);
    const run = response.headers.get("X-Run");
    if (run === null) return;
    writeConversationId(id);
    changeTurn(turn.key, { run });
    conversationStore.setState({ changes: get().changes + 1 });
    await hear(turn.key, run, response, signal);
  } catch (error) {
    if (signal.aborted) return;
    const refusal = toApiError(error);
    // A turn that could not be answered again stays as it was.
    if (turn.question.replaces !== null) conversationStore.setState({ turns: before, failure: refusal });
    else changeTurn(turn.key, { refusal });
  }
}

/** Reads the answer of a run to its end. A connection that is cut is opened again, after the last event. */
async function hear(key: string, run: string, first: Response | null, signal: AbortSignal): Promise<void> {
  let [response, pause] = [first, FIRST_PAUSE_MS];
  try {
    for (;;) {
      response ??= await readAnswer(get().address, run, getAnswer(key).seq, signal).catch(passOnFinal);
      const seq = getAnswer(key).seq;
      if (response) await takeAll(key, response).catch(() => undefined);
      if (signal.aborted || !isGoingOn(getAnswer(key))) return;
      pause = getAnswer(key).seq > seq ? FIRST_PAUSE_MS : Math.min(pause * 2, LAST_PAUSE_MS);
      await new Promise((resolve) => setTimeout(resolve, pause));
      response = null;
    }
  } catch (error) {
    if (!signal.aborted) changeTurn(key, { refusal: toApiError(error) });
  }
}

/** Nothing after a failure that can end by itself; throws any other. */
function passOnFinal(error: unknown): null {
  if (error instanceof ApiError && (error.status === 0 || error.status >= 502)) return null;
  throw error;
}

async function takeAll(key: string, response: Response): Promise<void> {
  for await (const events of readEvents(response))
    changeTurn(key, { answer: takeEvents(getAnswer(key), events) });
}

function getAnswer(key: string): Answer {
  return get().turns.find((turn) => turn.key === key)?.answer ?? emptyAnswer;
}

function changeTurn(key: string, change: Partial<Turn>): void {
  conversationStore.setState(({ turns }) => ({
    turns: turns.map((turn) => (turn.key === key ? { ...turn, ...change } : turn)),
  }));
}

function leave(): void {
  reading.abort();
  reading = new AbortController();
}

function get(): Conversation {
  return conversationStore.getState();
}

function toTurn({ run, prompt, files, rating, comment, ...answer }: ConversationTurn): Turn {
  return { key: run, run, prompt, files, answer, rating, comment, refusal: null, question: null };
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError(0, { code: "failed", message: "The page could not do this.", hint: "Load it again." });
}
