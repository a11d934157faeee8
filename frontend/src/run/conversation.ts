/** The conversation that the run panel shows: a session and its turns. Made without React. */
import { createStore } from "zustand/vanilla";
import type { Json, RunInput } from "../api/types";
import type { RunRecord } from "./record";

/** What was asked, and the run that answered. */
export interface Turn {
  run: string;
  input: Json | RunInput;
  /** What the run gave, once it has ended and is not the shown one; null until then. */
  record: RunRecord | null;
}

interface Conversation {
  /** The `session_id` of its runs; null before the first one. */
  sessionId: string | null;
  /** The oldest first. */
  turns: readonly Turn[];
}

const emptyConversation: Conversation = { sessionId: null, turns: [] };

export const conversationStore = createStore<Conversation>()(() => emptyConversation);

export function resetConversation(): void {
  conversationStore.setState(emptyConversation);
}

/** Shows the conversation of this session. One that is shown already keeps its turns. */
export function openConversation(sessionId: string): void {
  if (conversationStore.getState().sessionId !== sessionId)
    conversationStore.setState({ sessionId, turns: [] });
}

export function isTurn(run: string | null): boolean {
  return conversationStore.getState().turns.some((turn) => turn.run === run);
}

/** Adds a run that has just started, when its input names the session. */
export function addTurn(run: string, input: RunInput): void {
  const { sessionId, turns } = conversationStore.getState();
  if (sessionId === null || input.session_id !== sessionId || isTurn(run)) return;
  conversationStore.setState({ turns: [...turns, { run, input, record: null }] });
}

/** Keeps what a run of the conversation gave, because another run is shown next. */
export function keepRecord(run: string, record: RunRecord): void {
  if (!isTurn(run)) return;
  const turns = conversationStore.getState().turns;
  conversationStore.setState({
    turns: turns.map((turn) => (turn.run === run ? { ...turn, record } : turn)),
  });
}

/** Adds the turns that the server knows to those that this page knows. What is left out of a long session stays. */
export function mergeTurns(sessionId: string, stored: readonly Turn[]): void {
  const { sessionId: shown, turns } = conversationStore.getState();
  if (shown !== sessionId) return;
  const known = new Map(turns.map((turn) => [turn.run, turn]));
  const ids = new Set(stored.map(({ run }) => run));
  const first = turns.findIndex(({ run }) => ids.has(run));
  const before = first < 0 ? [] : turns.slice(0, first);
  const after = turns.slice(before.length).filter(({ run }) => !ids.has(run));
  const merged = stored.map((turn) => ({ ...turn, record: known.get(turn.run)?.record ?? turn.record }));
  conversationStore.setState({ turns: [...before, ...merged, ...after] });
}

/** A new id, short enough to be read. `crypto.randomUUID` is there only under HTTPS. */
export function createSessionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
