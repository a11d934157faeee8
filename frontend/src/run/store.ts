/** The run that the editor shows. It changes at most once a frame, and only through `fold`. */
import { createStore } from "zustand/vanilla";
import type { Json, Refusal, Run, RunEvent, RunInput, RunState } from "../api/types";
import { countMessages, emptyFigures, type Figures } from "./figures";
import { fold, emptyRunState } from "./fold";
import type { ConnectionState } from "./socket";

export interface ShownRun {
  run: string | null;
  /** What the client sent. */
  input: Json | RunInput;
  state: RunState;
  figures: Figures;
  /** Appended to in place: read it up to `logged`, which tells that it grew. */
  log: readonly RunEvent[];
  eventCount: number;
  /** The run's own clock: `ms` of its newest event, and when that came to this page. */
  clock: { ms: number; at: number };
  connection: ConnectionState;
  /** What was asked for and is not answered yet. */
  pendingRequest: "start" | "stop" | null;
  refusal: Omit<Refusal, "request_id"> | null;
  /** What it was that was refused. */
  refusedRequest: "start" | "stop" | "show";
  /** How many days after its end the run's log was deleted; what it gave is shown all the same. */
  deletedAfterDays: number | null;
}

const emptyShownRun = {
  run: null,
  input: null,
  state: emptyRunState,
  figures: emptyFigures,
  log: [],
  eventCount: 0,
  pendingRequest: null,
  refusal: null,
  refusedRequest: "start",
  deletedAfterDays: null,
} satisfies Partial<ShownRun>;

export const shownRunStore = createStore<ShownRun>()(() => ({
  ...emptyShownRun,
  clock: { ms: 0, at: 0 },
  connection: "connecting",
}));

/** Show a run from its first event on, or none. */
export function showRun(run: string | null, input: Json | RunInput): void {
  shownRunStore.setState({ ...emptyShownRun, log: [], run, input, clock: { ms: 0, at: performance.now() } });
}

/** Take up events of the shown run, in the order in which they came. */
export function addEvents(events: readonly RunEvent[]): void {
  const { state: before, figures, log, clock } = shownRunStore.getState();
  const fresh = events.filter((event) => event.seq > before.seq);
  const newest = fresh.at(-1);
  if (!newest) return;
  (log as RunEvent[]).push(...fresh);
  const state = fold(before, fresh);
  shownRunStore.setState({
    state,
    figures: countMessages(figures, fresh),
    eventCount: log.length,
    clock: newest.ms >= computeNowMs(clock) ? { ms: newest.ms, at: performance.now() } : clock,
    pendingRequest: isRunning(state) ? shownRunStore.getState().pendingRequest : null,
  });
}

const DAY_MS = 86_400_000;

/** Show what is left of a run whose log has expired. */
export function showExpiredRun({ state, finished_at, log_expired_at }: Run): void {
  const kept = Date.parse(log_expired_at ?? "") - Date.parse(finished_at ?? "");
  shownRunStore.setState({ state, deletedAfterDays: Math.round(kept / DAY_MS) });
}

/** Milliseconds since the run began, by its own clock. */
function computeNowMs({ ms, at }: ShownRun["clock"]): number {
  return ms + performance.now() - at;
}

export function isRunning({ status }: RunState): boolean {
  return status === "running";
}
