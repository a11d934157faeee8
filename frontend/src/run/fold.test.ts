import { describe, expect, it } from "vitest";
import type { RunEvent, RunState } from "../api/types";
import { fold, emptyRunState } from "./fold";

interface GoldenRun {
  name: string;
  events: RunEvent[];
  state: RunState;
}

/** Written by the fold of the server; both folds must agree. */
const golden = Object.values(
  import.meta.glob<GoldenRun>("../../../tests/runs/*.json", { eager: true, import: "default" }),
);

function start(...more: object[]): RunEvent[] {
  const first = {
    type: "run.started",
    run: "r",
    flow: "f",
    revision: 1,
    at: "2026-01-01T00:00:00Z",
    simulator: true,
  };
  return [first, ...more].map((event, index) => ({ ms: index * 10, ...event, seq: index + 1 }) as RunEvent);
}

const item = (text: string) => ({
  type: "item",
  index: 1,
  node: "yield",
  source: "stream",
  message: 1,
  text,
});

describe("fold", () => {
  it("is held to the runs that the server wrote", () => {
    expect(golden.length).toBeGreaterThanOrEqual(5);
  });

  it.each(golden)("agrees with the server: $name", ({ events, state }) => {
    expect(fold(emptyRunState, events)).toEqual(state);
  });

  it.each(golden)("does not depend on how the events are cut into batches: $name", ({ events, state }) => {
    expect(events.reduce((before, event) => fold(before, [event]), emptyRunState)).toEqual(state);
  });

  it("begins anew without a trace of what was before, and keeps when the run began", () => {
    const before = fold(emptyRunState, start({ type: "node.started", node: "a" }));
    const state = fold(before, [
      { seq: 3, ms: 30, type: "log", node: "a", level: "info", message: "Lost with its server." },
      {
        ...{ seq: 4, ms: 9_000, type: "run.restarted", run: "r", flow: "f", revision: 1 },
        ...{ at: "2026-01-01T00:00:09Z", simulator: false, reason: "The server stopped." },
      },
    ]);
    const started = { status: "running", seq: 4, started_at: "2026-01-01T00:00:00Z", simulator: false };
    expect(state).toEqual({ ...emptyRunState, ...started });
    expect(fold(state, [{ seq: 5, ms: 9_001, type: "node.started", node: "b" }]).nodes).toHaveProperty("b");
    expect(emptyRunState.nodes).toEqual({});
  });

  it("ignores what it has seen, and only moves on past a type that it does not know", () => {
    const events = start({ type: "node.started", node: "a" }, { type: "node.dreamt", node: "a" });
    const once = fold(emptyRunState, events);
    expect(fold(once, events)).toEqual(once);
    expect(once.seq).toBe(3);
  });

  it("leaves the state before it as it was, and keeps the identity of what no event touched", () => {
    const before = fold(
      emptyRunState,
      start({ type: "node.started", node: "stream" }, { type: "node.started", node: "yield" }),
    );
    const copy = structuredClone(before);
    const after = fold(before, start({}, {}, item("Hi")).slice(-1));
    expect(before).toEqual(copy);
    expect(after.nodes.stream?.text).toBe("Hi");
    expect(after.logs).toBe(before.logs);
    const noted = fold(after, [{ seq: 9, ms: 99, type: "log", node: "yield", level: "info", message: "m" }]);
    expect(noted.nodes).toBe(after.nodes);
  });

  it("adds up usage and keeps an unknown count unknown", () => {
    const usage = (input: number | null, output: number | null) => ({
      type: "usage",
      input_tokens: input,
      output_tokens: output,
      cache_read_input_tokens: null,
      cache_creation_input_tokens: null,
    });
    const { usage: total } = fold(emptyRunState, start(usage(3, null), usage(4, 5)));
    expect(total).toEqual({
      input_tokens: 7,
      output_tokens: 5,
      cache_read_input_tokens: null,
      cache_creation_input_tokens: null,
      ephemeral_5m_input_tokens: null,
      ephemeral_1h_input_tokens: null,
      web_search_requests: null,
    });
  });

  it("cuts a text that is too long to be shown whole, once, as the server does", () => {
    const events = start(item("x".repeat(1_999_999)), item("yy"), item("z"));
    const { text, items } = fold(fold(emptyRunState, events.slice(0, 3)), events.slice(3));
    expect([text.length, text.slice(-2), items]).toEqual([2_000_001, "y…", 3]);
  });

  it("takes 20,000 messages in small batches in well under a second", () => {
    const events = start(
      { type: "node.started", node: "stream" },
      ...Array.from({ length: 20_000 }, () => item("word ")),
    );
    const started = performance.now();
    let state = emptyRunState;
    for (let at = 0; at < events.length; at += 3) state = fold(state, events.slice(at, at + 3));
    expect(state.items).toBe(20_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
