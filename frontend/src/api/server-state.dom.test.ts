import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  checkServer,
  onServerReady,
  reportAnswer,
  reportRestarting,
  reportSignedIn,
  reportSignedOut,
  serverStateStore,
  watchServer,
} from "./server-state";

const getReach = () => serverStateStore.getState().reach;

function serveReadiness(answer: () => Promise<Response>) {
  const fetched = vi.fn(answer);
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

const respond = (status: number) => () => Promise.resolve(new Response(null, { status }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a server that ends stays restarting, whatever it still answers, until it is ready", async () => {
  reportAnswer("shutting_down");
  reportAnswer();
  serveReadiness(respond(503));
  await checkServer();
  expect(getReach()).toBe("restarting");
  serveReadiness(respond(200));
  await checkServer();
  expect(getReach()).toBe("reachable");
});

test("a server that is away is looked for until it is back, and no longer", async () => {
  const fetched = serveReadiness(() => Promise.reject(new TypeError("Failed to fetch")));
  const end = watchServer();
  reportRestarting();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(getReach()).toBe("unreachable");
  expect(fetched.mock.calls.length).toBeGreaterThan(2);
  const found = serveReadiness(respond(200));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(getReach()).toBe("reachable");
  expect(found).toHaveBeenCalledTimes(1);
  end();
});

test("the browser's word that it is offline counts at once", async () => {
  const end = watchServer();
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  dispatchEvent(new Event("offline"));
  expect(getReach()).toBe("offline");
  serveReadiness(respond(200));
  dispatchEvent(new Event("online"));
  await vi.advanceTimersByTimeAsync(0);
  expect(getReach()).toBe("reachable");
  end();
  vi.restoreAllMocks();
});

test("who waits for the server is called when it is there and the session goes on", () => {
  const callback = vi.fn();
  const end = onServerReady(callback);
  reportSignedOut();
  reportRestarting();
  reportSignedIn();
  expect(callback).not.toHaveBeenCalled();
  serverStateStore.setState({ reach: "reachable" });
  expect(callback).toHaveBeenCalledTimes(1);
  end();
});
