import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "../api/types";
import { createExpiredRun } from "../testing/data";
import { type FakeSocket, stubSockets } from "../testing/fake-socket";
import { createRefusal, serveAnswers } from "../testing/server";
import { RunSession } from "./session";
import { shownRunStore } from "./store";

let sockets: FakeSocket[] = [];

const started: RunEvent = {
  seq: 1,
  ms: 0,
  type: "run.started",
  run: "r",
  flow: "f",
  revision: 1,
  at: "",
  simulator: false,
};
const item = (seq: number): RunEvent => ({
  seq,
  ms: seq,
  type: "item",
  index: seq,
  node: "y",
  source: null,
  message: null,
  text: "a",
});

function setUp() {
  const session = new RunSession("f");
  const close = session.open();
  const socket = sockets.at(-1);
  if (!socket) throw new Error("A session opens a socket.");
  socket.accept();
  return { session, socket, close };
}

const frame = (): void => void vi.advanceTimersByTime(20);

beforeEach(() => {
  vi.useFakeTimers();
  sockets = stubSockets();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a session", () => {
  it("shows a run from its first event, once a frame however many frames came in", () => {
    const { session, socket, close } = setUp();
    session.show("r", { prompt: "Hi" });
    const changes = vi.fn();
    const unsubscribe = shownRunStore.subscribe(changes);
    socket.answer({ type: "events", run: "r", events: [started, item(2)] });
    socket.answer({ type: "events", run: "r", events: [item(3)] });
    expect(shownRunStore.getState().state.items).toBe(0);
    frame();
    expect(shownRunStore.getState().state).toMatchObject({ items: 2, text: "aa", status: "running" });
    expect(changes).toHaveBeenCalledTimes(1);
    unsubscribe();
    close();
  });

  it("leaves out events of another run, and those that it has seen", () => {
    const { session, socket, close } = setUp();
    session.show("r", null);
    socket.answer({ type: "events", run: "other", events: [started, item(2)] });
    socket.answer({ type: "events", run: "r", events: [started, item(2)] });
    frame();
    socket.answer({ type: "events", run: "r", events: [item(2), item(3)] });
    frame();
    const { state, eventCount: logged } = shownRunStore.getState();
    expect([state.items, logged]).toEqual([2, 3]);
    close();
  });

  it("takes the events that came before the answer that names their run", async () => {
    const { session, socket, close } = setUp();
    const start = session.start({ prompt: "Hi" }, 1);
    const ref = socket.sent.at(-1)?.ref ?? "";
    socket.answer({ type: "events", run: "r", events: [started, item(2)] });
    socket.answer({ type: "run.accepted", ref, run: "r" });
    expect(await start).toBe(true);
    frame();
    expect(shownRunStore.getState()).toMatchObject({ run: "r", eventCount: 2, pendingRequest: null });
    close();
  });

  it("keeps why a run was refused", async () => {
    const { session, socket, close } = setUp();
    const start = session.start({ prompt: "Hi" }, 1);
    const error = { code: "version_conflict", message: "The flow was saved since." };
    socket.answer({ type: "error", ref: socket.sent.at(-1)?.ref ?? "", error });
    expect(await start).toBe(false);
    expect(shownRunStore.getState().refusal).toEqual(error);
    close();
  });

  const expired = { code: "log_expired", message: "The log of this run was deleted 30 days after its end." };

  it("shows what is left of a run whose log has expired", async () => {
    serveAnswers({ "GET runs/r": createExpiredRun() });
    const { session, socket, close } = setUp();
    session.show("r", { prompt: "Hi" });
    socket.answer({ type: "error", ref: socket.sent.at(-1)?.ref ?? "", error: expired });
    await vi.advanceTimersByTimeAsync(0);
    const { state, deletedAfterDays: deletedAfter, refusal } = shownRunStore.getState();
    expect([state.text, state.status, deletedAfter, refusal]).toEqual(["Old news.", "completed", 30, null]);
    session.show("other", null);
    expect(shownRunStore.getState().deletedAfterDays).toBeNull();
    close();
  });

  it("says so when that cannot be shown either", async () => {
    serveAnswers({
      "GET runs/r": createRefusal(404, { code: "not_found", message: "There is nothing at this address." }),
    });
    const { session, socket, close } = setUp();
    session.show("r", null);
    socket.answer({ type: "error", ref: socket.sent.at(-1)?.ref ?? "", error: expired });
    await vi.advanceTimersByTimeAsync(0);
    expect(shownRunStore.getState()).toMatchObject({
      refusedRequest: "show",
      refusal: { code: "not_found" },
    });
    close();
  });

  it("leaves out what is left of a run that is not shown any more", async () => {
    serveAnswers({ "GET runs/r": createExpiredRun() });
    const { session, socket, close } = setUp();
    session.show("r", null);
    socket.answer({ type: "error", ref: socket.sent.at(-1)?.ref ?? "", error: expired });
    session.show("other", null);
    await vi.advanceTimersByTimeAsync(0);
    expect(shownRunStore.getState()).toMatchObject({ run: "other", deletedAfterDays: null });
    close();
  });

  it("shows nothing after it is closed", () => {
    const { session, close } = setUp();
    session.show("r", null);
    close();
    expect(shownRunStore.getState().run).toBeNull();
  });
});
