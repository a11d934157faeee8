import { afterEach, expect, test, vi } from "vitest";
import { ApiError, call } from "./client";
import { onServerReady, serverStateStore } from "./server-state";

afterEach(() => vi.unstubAllGlobals());
afterEach(() => serverStateStore.setState({ reach: "reachable" }));

function answerWith(response: Response | Error) {
  const fetch = vi.fn(() =>
    response instanceof Response ? Promise.resolve(response) : Promise.reject(response),
  );
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

async function refusalOf(response: Response | Error): Promise<ApiError> {
  answerWith(response);
  const error: unknown = await call("GET", "flows").catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
}

test("a refusal keeps every word of the envelope", async () => {
  const refusal = {
    code: "invalid",
    message: "The name is empty.",
    field: "name",
    hint: "Give it a name.",
    request_id: "r-7",
  };
  const error = await refusalOf(Response.json({ error: refusal }, { status: 422 }));
  expect(error).toMatchObject({
    status: 422,
    code: "invalid",
    message: "The name is empty.",
    field: "name",
    hint: "Give it a name.",
    requestId: "r-7",
  });
});

test.each([
  ["a page of a proxy", new Response("<h1>Bad gateway</h1>", { status: 502 })],
  ["JSON without the envelope", Response.json({ detail: "no" }, { status: 502 })],
  ["JSON null", Response.json(null, { status: 502 })],
])("%s becomes a refusal that names the status", async (_, response) => {
  const error = await refusalOf(response);
  expect(error.message).toBe("The server answered 502 and gave no reason.");
  expect(error.hint).toBe("Try again in a moment.");
});

test.each([502, 504])(
  "a %i of a gateway means that the server is away, one of the server does not",
  async (status) => {
    const upstream = { code: "upstream", message: "The vendor does not answer.", request_id: "r" };
    await refusalOf(Response.json({ error: upstream }, { status }));
    expect(serverStateStore.getState().reach).toBe("reachable");
    await refusalOf(new Response("<h1>Bad gateway</h1>", { status }));
    expect(serverStateStore.getState().reach).toBe("unreachable");
  },
);

test("a vendor that does not answer wakes nobody who waits for the server", async () => {
  const loadAgain = vi.fn();
  const end = onServerReady(loadAgain);
  await refusalOf(
    Response.json({ error: { code: "upstream", message: "No.", request_id: "r" } }, { status: 502 }),
  );
  answerWith(Response.json({}));
  await call("GET", "flows");
  end();
  expect(loadAgain).not.toHaveBeenCalled();
});

test("a network failure says that the server cannot be reached", async () => {
  const error = await refusalOf(new TypeError("Failed to fetch"));
  expect(error).toMatchObject({ status: 0, code: "unreachable", message: "The server cannot be reached." });
});

test("an aborted call stays an AbortError", async () => {
  const stop = new AbortController();
  stop.abort();
  answerWith(new DOMException("aborted", "AbortError"));
  await expect(call("GET", "flows", { signal: stop.signal })).rejects.toThrow(
    expect.objectContaining({ name: "AbortError" }) as Error,
  );
});

test.each([
  ["not_signed_in", true],
  ["wrong_credentials", false],
])("a 401 with %s means signed out: %s", async (code, signedOut) => {
  const body = { error: { code, message: "No.", request_id: "r" } };
  const error = await refusalOf(Response.json(body, { status: 401 }));
  expect(error.isSignedOut).toBe(signedOut);
});

test("an unsafe call sends the token of the cookie, a safe one does not", async () => {
  document.cookie = "csrftoken=abc%20d";
  const fetch = answerWith(Response.json({}));
  await call("POST", "flows", { body: { name: "A" } });
  await call("GET", "flows").catch(() => undefined);
  const sent = (fetch.mock.calls as unknown as [string, RequestInit][]).map(([, init]) => init.headers);
  expect(sent[0]).toMatchObject({ "X-CSRFToken": "abc d", "Content-Type": "application/json" });
  expect(sent[1]).not.toHaveProperty("X-CSRFToken");
});

test("the query leaves out what is undefined", async () => {
  const fetch = answerWith(Response.json({ runs: [] }));
  await call("GET", "runs", { query: { flow: "f 1", limit: undefined } });
  expect(fetch).toHaveBeenCalledWith("/api/v1/runs?flow=f+1", expect.anything());
});

test("204 answers nothing", async () => {
  answerWith(new Response(null, { status: 204 }));
  await expect(call("DELETE", "flows/1")).resolves.toBeUndefined();
});
