/** A clock for the page while a run goes on: one interval for all components. */
import { useSyncExternalStore } from "react";
import type { ShownRun } from "./store";

const TICK_MS = 100;

let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  now = performance.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const subscribeToNothing = (): (() => void) => () => undefined;

/** The time since the run started in ms; it changes ten times a second while `going`. */
export function useRunMs({ ms, at }: ShownRun["clock"], isActive: boolean): number {
  const tickedAt = useSyncExternalStore(isActive ? subscribe : subscribeToNothing, () => now);
  return ms + Math.max(0, isActive ? tickedAt - at : 0);
}
