import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { serverStateStore } from "../../../api/server-state";
import type { FormName } from "../../../api/snippets/protocols";
import { MAX_FRAMES } from "../../../api/trial/trial";
import { renderPart } from "../../../testing/render";
import { TryCall } from "./TryCall";

const RUN = "1c5b8a4e-0000-4000-8000-000000000001";

/** The last call, whose answer the test writes. */
let sent: { address: string; init: RequestInit; answer: (response: Response) => void };
const calls: string[] = [];

beforeEach(() => {
  calls.length = 0;
  vi.stubGlobal("fetch", (address: string, init: RequestInit) => {
    calls.push(`${init.method ?? "GET"} ${address}`);
    return new Promise<Response>((resolve, reject) => {
      if (address.endsWith("/cancel")) resolve(Response.json({}));
      else sent = { address, init, answer: resolve };
      init.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
  });
});
afterEach(() => serverStateStore.setState({ reach: "reachable" }));

function openTrial(form: FormName = "events", made: string | null = "mr_live_1") {
  return renderPart(
    <TryCall flow="f1" address="night-desk" form={form} input={{ prompt: "Hello" }} chats made={made} />,
  );
}

/** Answers the call with a stream that the test writes. */
function stream(headers: Record<string, string> = {}) {
  const body = new TransformStream<Uint8Array, Uint8Array>();
  const writer = body.writable.getWriter();
  const told = { "Content-Type": "text/event-stream", "X-Run": RUN, "X-Flow-Version": "7", ...headers };
  sent.answer(new Response(body.readable, { headers: told }));
  const write = (text: string) => void writer.write(new TextEncoder().encode(text));
  return { write, close: () => void writer.close(), cut: () => void writer.abort(new Error("cut")) };
}

const item = (text: string) => `event: item\ndata: {"type":"item","text":"${text}"}\n\n`;

test("the answer is shown while it is written, with its frames, its headers and its run", async () => {
  const { user } = openTrial();
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(JSON.parse(sent.init.body as string)).toEqual({ prompt: "Hello" });
  expect(new Headers(sent.init.headers).get("Authorization")).toBe("Bearer mr_live_1");
  expect(sent.init.credentials).toBe("omit");
  const { write, close } = stream();
  write(item("Go"));
  const text = await screen.findByRole("group", { name: "Text of the answer" });
  await waitFor(() => expect(text).toHaveTextContent("Go"));
  expect(screen.getByText("Receiving")).toBeVisible();
  write(item("od") + 'event: run.completed\ndata: {"type":"run.completed"}\n\n');
  close();
  await screen.findByText("Received");
  expect(text).toHaveTextContent("Good");
  expect(screen.getByText("HTTP 200")).toBeVisible();
  expect(screen.getByText(/first chunk after/)).toBeVisible();
  await user.click(screen.getByRole("tab", { name: /^Frames ?3$/ }));
  expect(screen.getByRole("group", { name: "Frames of the answer" })).toHaveTextContent(
    'event: item data: {"type"',
  );
  await user.click(screen.getByRole("tab", { name: "Headers" }));
  const headers = within(screen.getByRole("group", { name: "Headers of the answer" }));
  expect(headers.getByText(RUN, { exact: false })).toBeVisible();
  expect(screen.getByRole("button", { name: "Show the run, of version 7" })).toBeVisible();
});

test("without a key it says what is needed, and a pasted one is used and not stored", async () => {
  const { user } = openTrial("openai", null);
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(calls).toEqual([]);
  expect(screen.getByText(/A call needs an API key/)).toBeVisible();
  const field = screen.getByLabelText("API key");
  expect(field).toHaveAttribute("type", "password");
  await user.type(field, "mr_live_secret");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(new Headers(sent.init.headers).get("Authorization")).toBe("Bearer mr_live_secret");
  expect(sent.address).not.toContain("mr_live_secret");
  expect(JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])).not.toContain(
    "mr_live_secret",
  );
});

test("a refusal is shown in the shape of its protocol", async () => {
  const { user } = openTrial("openai");
  await user.click(screen.getByRole("button", { name: "Send" }));
  const body = { error: { message: "Too many.", type: "rate_limit_error", param: null, code: "limit" } };
  sent.answer(Response.json(body, { status: 429, headers: { "Retry-After": "20" } }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Too many.");
  expect(screen.getByText("HTTP 429")).toBeVisible();
  expect(screen.getByText(JSON.stringify(body))).toBeVisible();
});

test("an answer that is cut is no whole one", async () => {
  const { user } = openTrial("text");
  await user.click(screen.getByRole("button", { name: "Send" }));
  const { write, cut } = stream({ "Content-Type": "text/plain" });
  write("Goo");
  await screen.findByText("Goo");
  cut();
  expect(await screen.findByRole("alert")).toHaveTextContent("The answer was cut short");
});

test("Stop closes the connection and cancels the run, and so does the panel when it goes", async () => {
  const { user, unmount } = openTrial();
  const cancel = `POST /api/v1/runs/${RUN}/cancel`;
  await user.click(screen.getByRole("button", { name: "Send" }));
  stream().write(item("Go"));
  await screen.findByText("Go");
  await user.click(screen.getByRole("button", { name: "Stop" }));
  expect(screen.getByText("Stopped")).toBeVisible();
  expect(sent.init.signal?.aborted).toBe(true);
  expect(calls.at(-1)).toBe(cancel);
  await user.click(screen.getByRole("button", { name: "Send again" }));
  stream().write(item("Go"));
  await screen.findByText("Go");
  unmount();
  expect(sent.init.signal?.aborted).toBe(true);
  expect(calls.filter((call) => call === cancel)).toHaveLength(2);
});

test("of a very long answer only the end is kept", async () => {
  const { user } = openTrial();
  await user.click(screen.getByRole("button", { name: "Send" }));
  const { write, close } = stream();
  write(Array.from({ length: MAX_FRAMES + 5 }, (_, index) => item(`${index} `)).join(""));
  close();
  await screen.findByText("Received");
  await user.click(screen.getByRole("tab", { name: /^Frames ?205$/ }));
  expect(screen.getByText("The first 5 frames are left out.")).toBeVisible();
  expect(screen.queryByText(/"text":"4 "/)).toBeNull();
});

test("nothing is sent while the server cannot be reached", async () => {
  const { user } = openTrial();
  serverStateStore.setState({ reach: "offline" });
  await user.click(
    await screen.findByRole("button", { name: "Send", description: "The server cannot be reached now." }),
  );
  expect(calls).toEqual([]);
});

test("a body that is no JSON is not sent", async () => {
  const { user } = renderPart(
    <TryCall flow="f1" address="order" form="lines" input={{ total: 3 }} chats={false} made="mr_live_1" />,
  );
  const body = screen.getByLabelText("Body");
  expect(body).toHaveValue('{\n  "total": 3\n}');
  await user.clear(body);
  await user.type(body, "[[1]");
  await user.tab();
  expect(screen.getAllByText('The body is an object, as in {"name": "value"}.').length).toBeGreaterThan(0);
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(calls).toEqual([]);
});
