import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeSocket } from "../testing/fake-socket";
import { RunSocket, SocketRefusal, type ConnectionState } from "./socket";

function setUp() {
  const sockets: FakeSocket[] = [];
  const links: ConnectionState[] = [];
  const page = { seq: 0 };
  const onEvents = vi.fn();
  const onRefused = vi.fn();
  const socket = new RunSocket({
    connect: () => {
      const fake = new FakeSocket();
      sockets.push(fake);
      return fake as unknown as WebSocket;
    },
    lastSeq: () => page.seq,
    onEvents,
    onRefused,
    onConnectionState: (link) => void links.push(link),
  });
  socket.open();
  const latest = (): FakeSocket => sockets.at(-1) ?? new FakeSocket();
  return { socket, sockets, links, page, onEvents, onRefused, latest };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("socket of a flow", () => {
  it("starts a run and answers with its id", async () => {
    const { socket, latest } = setUp();
    latest().accept();
    const started = socket.start({ prompt: "Hi" }, 4);
    expect(latest().sent[0]).toEqual({ type: "run.start", ref: "1", input: { prompt: "Hi" }, revision: 4 });
    latest().answer({ type: "run.accepted", ref: "1", run: "r1" });
    expect(await started).toBe("r1");
  });

  it("waits with a run for a connection that is being opened", async () => {
    const { socket, latest } = setUp();
    const started = socket.start({ prompt: "Hi" }, 4);
    expect(latest().sent).toEqual([]);
    latest().accept();
    await vi.advanceTimersByTimeAsync(0);
    latest().answer({ type: "run.accepted", ref: "1", run: "r1" });
    expect(await started).toBe("r1");
  });

  it("says that the server cannot be reached when that connection fails", async () => {
    const { socket, latest } = setUp();
    const started = socket.start({ prompt: "Hi" }, 4);
    latest().drop(1006);
    await expect(started).rejects.toMatchObject({ refusal: { code: "connection_lost" } });
  });

  it("tells why a run was refused", async () => {
    const { socket, latest } = setUp();
    latest().accept();
    const started = socket.start({ prompt: "Hi" }, 4);
    const error = { code: "flow_has_problems", message: "The flow has 1 problem." };
    latest().answer({ type: "error", ref: "1", error });
    await expect(started).rejects.toMatchObject({ refusal: error });
  });

  it("comes back after a loss and goes on after the last event that it saw", async () => {
    const { socket, sockets, links, page, latest } = setUp();
    latest().accept();
    socket.follow("r1");
    expect(latest().sent[0]).toMatchObject({ type: "run.follow", run: "r1", after: 0 });
    page.seq = 42;
    latest().drop(4503);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sockets).toHaveLength(2);
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ type: "run.follow", run: "r1", after: 42 });
    expect(links).toEqual(["open", "restarting", "open"]);
  });

  it("tells which run is not sent, and does not ask for it again", async () => {
    const { socket, onRefused, latest } = setUp();
    latest().accept();
    socket.follow("r1");
    const error = { code: "log_expired", message: "The log of this run was deleted 30 days after its end." };
    latest().answer({ type: "error", ref: "1", error });
    await vi.advanceTimersByTimeAsync(0);
    expect(onRefused).toHaveBeenCalledExactlyOnceWith("r1", error);
    latest().drop(4503);
    await vi.advanceTimersByTimeAsync(1_000);
    latest().accept();
    expect(latest().sent).toEqual([]);
  });

  it("asks again for a run when the connection was lost before an answer", async () => {
    const { socket, onRefused, latest } = setUp();
    latest().accept();
    socket.follow("r1");
    latest().drop(1006);
    await vi.advanceTimersByTimeAsync(1_000);
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ type: "run.follow", run: "r1" });
    expect(onRefused).not.toHaveBeenCalled();
  });

  it.each([
    [4401, "signed_out"],
    [4404, "gone"],
  ])("does not come back after close code %i", async (code, link) => {
    const { sockets, links, latest } = setUp();
    latest().accept();
    latest().drop(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(links.at(-1)).toBe(link);
  });

  it("refuses at once while the connection is lost", async () => {
    const { socket, latest } = setUp();
    latest().accept();
    latest().drop(1006);
    await expect(socket.cancel("r1")).rejects.toBeInstanceOf(SocketRefusal);
  });

  it("finds a dead connection by its silence", async () => {
    const { sockets, latest } = setUp();
    latest().accept();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(latest().sent).toEqual([{ type: "ping", ref: "1" }]);
    await vi.advanceTimersByTimeAsync(12_000);
    expect(sockets).toHaveLength(2);
  });

  it("passes on events as they come", () => {
    const { onEvents, latest } = setUp();
    latest().accept();
    const events = [{ seq: 1, ms: 0, type: "node.started" as const, node: "a" }];
    latest().answer({ type: "events", run: "r1", events });
    expect(onEvents).toHaveBeenCalledWith("r1", events);
  });
});
