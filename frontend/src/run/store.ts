/**
 * The store of the run that the editor shows. It changes at most once a frame, and only through `fold`. Made without
 * React.
 */
import { createStore } from "zustand/vanilla";
import type { Json, Refusal, Run, RunEvent, RunInput, RunState } from "../api/types";
import { countMessages, emptyFigures, type Figures } from "./figures";
import { fold, emptyRunState } from "./fold";
import { collectValues, type RunRecord, toRunRecord } from "./record";
import type { ConnectionState } from "./socket";

export interface ShownRun {
  run: string | null;
  /** The input that the client sent. */
  input: Json | RunInput;
  /** The revision of the flow that the run executes; null until its first event. */
  revision: number | null;
  state: RunState;
  figures: Figures;
  /** The events of the run. The array grows in place; `eventCount` says how much of it is valid. */
  log: readonly RunEvent[];
  eventCount: number;
  /** The clock of the run: `ms` of its newest event, and when that event arrived. */
  clock: { ms: number; at: number };
  connection: ConnectionState;
  /** The request that the server has not answered yet. */
  pendingRequest: "start" | "stop" | null;
  refusal: Omit<Refusal, "request_id"> | null;
  /** The request that was refused. */
  refusedRequest: "start" | "stop" | "show";
  /** How many days after the end of the run its log was deleted; null when it was not. */
  deletedAfterDays: number | null;
}

const emptyShownRun = {
  run: null,
  input: null,
  revision: null,
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

/** Shows a run from its first event, or no run. */
export function showRun(run: string | null, input: Json | RunInput): void {
  shownRunStore.setState({ ...emptyShownRun, log: [], run, input, clock: { ms: 0, at: performance.now() } });
}

/** Adds events of the shown run, in the order in which they arrived. */
export function addEvents(events: readonly RunEvent[]): void {
  const { state: before, figures, log, clock } = shownRunStore.getState();
  const fresh = events.filter((event) => event.seq > before.seq);
  const newest = fresh.at(-1);
  if (!newest) return;
  (log as RunEvent[]).push(...fresh);
  const state = fold(before, fresh);
  shownRunStore.setState({
    state,
    revision: findRevision(fresh) ?? shownRunStore.getState().revision,
    figures: countMessages(figures, fresh),
    eventCount: log.length,
    clock: newest.ms >= computeNowMs(clock) ? { ms: newest.ms, at: performance.now() } : clock,
    pendingRequest: isRunning(state) ? shownRunStore.getState().pendingRequest : null,
  });
}

function findRevision(events: readonly RunEvent[]): number | undefined {
  return events.find((event) => event.type === "run.started")?.revision;
}

/** Shows what remains of a run whose log has expired. */
export function showExpiredRun(run: Run): void {
  const { state, deletedAfterDays } = toRunRecord(run);
  shownRunStore.setState({ state, deletedAfterDays, revision: run.revision });
}

const MAX_KEPT_VALUES = 50;

/** What the client has received of the shown run. */
export function getShownRecord(): RunRecord {
  const { state, log, eventCount, deletedAfterDays } = shownRunStore.getState();
  return { state, values: collectValues(log.slice(0, eventCount), MAX_KEPT_VALUES), deletedAfterDays };
}

/** The time since the run started in ms, by the clock of the run. */
function computeNowMs({ ms, at }: ShownRun["clock"]): number {
  return ms + performance.now() - at;
}

export function isRunning({ status }: RunState): boolean {
  return status === "running";
}
