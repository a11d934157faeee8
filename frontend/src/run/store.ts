/** The run that the editor shows. It changes at most once a frame, and only through `fold`. */
import { createStore } from "zustand/vanilla";
import type { Json, Refusal, Run, RunEvent, RunInput, RunState } from "../api/types";
import { count, noFigures, type Figures } from "./figures";
import { fold, noRun } from "./fold";
import type { Link } from "./socket";

export interface ShownRun {
  run: string | null;
  /** What the client sent. */
  input: Json | RunInput;
  state: RunState;
  figures: Figures;
  /** Appended to in place: read it up to `logged`, which tells that it grew. */
  log: readonly RunEvent[];
  logged: number;
  /** The run's own clock: `ms` of its newest event, and when that came to this page. */
  clock: { ms: number; at: number };
  link: Link;
  /** What was asked for and is not answered yet. */
  asked: "start" | "stop" | null;
  refusal: Omit<Refusal, "request_id"> | null;
  /** What it was that was refused. */
  refused: "start" | "stop" | "show";
  /** How many days after its end the run's log was deleted; what it gave is shown all the same. */
  deletedAfter: number | null;
}

const noRunShown = {
  run: null,
  input: null,
  state: noRun,
  figures: noFigures,
  log: [],
  logged: 0,
  asked: null,
  refusal: null,
  refused: "start",
  deletedAfter: null,
} satisfies Partial<ShownRun>;

export const shownRunStore = createStore<ShownRun>()(() => ({
  ...noRunShown,
  clock: { ms: 0, at: 0 },
  link: "connecting",
}));

/** Show a run from its first event on, or none. */
export function showRun(run: string | null, input: Json | RunInput): void {
  shownRunStore.setState({ ...noRunShown, log: [], run, input, clock: { ms: 0, at: performance.now() } });
}

/** Take up events of the shown run, in the order in which they came. */
export function takeEvents(events: readonly RunEvent[]): void {
  const { state: before, figures, log, clock } = shownRunStore.getState();
  const fresh = events.filter((event) => event.seq > before.seq);
  const newest = fresh.at(-1);
  if (!newest) return;
  (log as RunEvent[]).push(...fresh);
  const state = fold(before, fresh);
  shownRunStore.setState({
    state,
    figures: count(figures, fresh),
    logged: log.length,
    clock: newest.ms >= nowIn(clock) ? { ms: newest.ms, at: performance.now() } : clock,
    asked: isGoing(state) ? shownRunStore.getState().asked : null,
  });
}

const DAY_MS = 86_400_000;

/** Show what is left of a run whose log has expired. */
export function showKept({ state, finished_at, log_expired_at }: Run): void {
  const kept = Date.parse(log_expired_at ?? "") - Date.parse(finished_at ?? "");
  shownRunStore.setState({ state, deletedAfter: Math.round(kept / DAY_MS) });
}

/** Milliseconds since the run began, by its own clock. */
function nowIn({ ms, at }: ShownRun["clock"]): number {
  return ms + performance.now() - at;
}

export function isGoing({ status }: RunState): boolean {
  return status === "running";
}
