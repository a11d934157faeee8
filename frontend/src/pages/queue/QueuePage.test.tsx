import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Queue, QueueRun, Role, Schedule } from "../../api/types";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const now = Date.now();
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

function createRun(id: string, change: Partial<QueueRun> = {}): QueueRun {
  return {
    ...{ id, flow: "f1", flow_name: "Report", revision: 2, environment: "production", caller: "schedule" },
    ...{ status: "running", waits_for: null, started_at: at(-7), finished_at: null, error: null },
    ...change,
  };
}

const schedule: Schedule = {
  ...{ id: "s1", flow: "f1", flow_name: "Report", environment: "production", revision: 2 },
  ...{ expression: "0 9 * * *", time_zone: "Europe/Berlin", words: "At 09:00 every day" },
  ...{ missed: "note", overlap: "skip", is_on: true, due_at: at(12), last_due_at: at(-1440) },
  last_run: { id: "r0", status: "completed", started_at: at(-1440) },
  notes: [
    { reason: "missed", message: "", count: 3, first_due_at: at(-9000), last_due_at: at(-4000) },
    {
      reason: "refused",
      message: "'Report' cannot run.",
      count: 1,
      first_due_at: at(-9999),
      last_due_at: at(-9999),
    },
  ],
};

const briefing = {
  ...{ name: "morning_briefing", title: "Morning briefing", description: "", needs: [] },
  graph: {
    ...{ schema: 1, edges: [], notes: [] },
    nodes: [{ id: "t", action: "schedule.trigger", properties: {}, position: { x: 0, y: 0 } }],
  },
};

const nothing: Queue = {
  workers: null,
  waiting: [],
  waiting_count: 0,
  running: [],
  running_count: 0,
  failed: [],
};

function open(queue: unknown, schedules: Schedule[] = [], role: Role = "editor", answers = {}) {
  const calls = serveAnswers({
    "GET me": createMe(role),
    "GET queue": queue,
    "GET schedules": { schedules },
    "GET templates": { templates: [briefing] },
    ...answers,
  });
  return { calls, ...openApp("/queue") };
}

test("the page shows what waits for what, what goes on, and why runs have failed", async () => {
  const error = { code: "timeout", message: "The model was silent." };
  open({
    ...nothing,
    waiting: [
      createRun("w1", { waits_for: "worker", caller: "key" }),
      createRun("w2", { waits_for: "turn" }),
    ],
    waiting_count: 120,
    running: [createRun("r1")],
    running_count: 1,
    failed: [createRun("x1", { status: "failed", error, finished_at: at(-3) })],
  });
  const waiting = await screen.findByRole("table", { name: "Waiting" });
  expect(within(waiting).getByText("A worker")).toBeVisible();
  expect(within(waiting).getByText("Its turn in the session")).toBeVisible();
  expect(within(waiting).getByText("production, version 2, by an API key")).toBeVisible();
  expect(screen.getByText("120")).toBeVisible();
  expect(screen.getByText("the 2 oldest are shown")).toBeVisible();
  expect(
    within(screen.getByRole("table", { name: "Running" })).getByText("production, version 2, by schedule"),
  ).toBeVisible();
  expect(
    within(screen.getByRole("table", { name: "Failed" })).getByText("The model was silent."),
  ).toBeVisible();
  expect(screen.getByText(/No published flow starts by itself/)).toBeVisible();
});

test("a run that waits is cancelled, and the queue is read again", async () => {
  let queue: Queue = {
    ...nothing,
    waiting: [createRun("w1", { waits_for: "worker" })],
    waiting_count: 1,
    running: [createRun("r1")],
    running_count: 1,
  };
  const { user, calls } = open(() => queue, [], "editor", {
    "POST runs/w1/cancel": () => {
      queue = { ...queue, waiting: [], waiting_count: 0 };
      return { run: "w1", status: "cancelled" };
    },
  });
  await user.click(await screen.findByRole("button", { name: /Cancel the run of Report/ }));
  expect(await screen.findByText("Run cancelled")).toBeVisible();
  expect(await screen.findByText("No run waits.")).toBeVisible();
  expect(calls.filter(({ call }) => call === "POST runs/w1/cancel")).toHaveLength(1);
});

test("a schedule shows its next time, its last run and what it has not started", async () => {
  const { user } = open(nothing, [schedule]);
  const table = await screen.findByRole("table", { name: "Schedules" });
  for (const text of ["At 09:00 every day", "in 12 min", "Completed", "3 times missed"])
    expect(within(table).getByText(text)).toBeVisible();
  await user.click(
    screen.getByRole("button", { name: /^3 times missed .*: show what Report has not started$/ }),
  );
  const dialog = screen.getByRole("dialog", { name: "Not started: Report" });
  expect(within(dialog).getByText("No server ran, or none had room, within a minute.")).toBeVisible();
  expect(within(dialog).getByText("'Report' cannot run.")).toBeVisible();
});

test("a schedule is switched off, and a refused switch leaves it as it is", async () => {
  let isOn = true;
  const refusal = createRefusal(403, { code: "not_allowed", message: "Your role does not allow this." });
  let answer: unknown = refusal;
  const { user, calls } = open(nothing, [schedule], "editor", {
    "GET schedules": () => ({ schedules: [{ ...schedule, is_on: isOn, due_at: isOn ? at(12) : null }] }),
    "PATCH schedules/s1": () => answer,
  });
  const name = "Schedule of Report in production";
  await user.click(await screen.findByRole("switch", { name }));
  expect(await screen.findByText("The schedule stays as it is")).toBeVisible();
  expect(screen.getByRole("switch", { name })).toBeChecked();
  isOn = false;
  answer = { ...schedule, is_on: false, due_at: null };
  await user.click(screen.getByRole("switch", { name }));
  expect(screen.getByRole("switch", { name })).toHaveFocus();
  expect(await screen.findByText("Switched off")).toBeVisible();
  await waitFor(() => expect(screen.getByRole("switch", { name })).not.toBeChecked());
  expect(calls).toContainEqual({ call: "PATCH schedules/s1", body: { is_on: false } });
});

test("schedules stand by the name of their flow, whichever comes first, so that no row moves", async () => {
  const due = { ...schedule, id: "s2", flow_name: "Zebra", due_at: at(1) };
  open(nothing, [due, schedule, { ...schedule, id: "s3", environment: "development", is_on: false }]);
  const table = await screen.findByRole("table", { name: "Schedules" });
  const switches = within(table).getAllByRole("switch");
  expect(switches.map((each) => each.getAttribute("aria-label"))).toEqual([
    "Schedule of Report in development",
    "Schedule of Report in production",
    "Schedule of Zebra in production",
  ]);
});

test("an empty queue says what it will show, and begins a flow that starts by itself", async () => {
  const refusal = createRefusal(507, { code: "workspace_full", message: "The workspace is full." });
  const { user } = open(nothing, [], "editor", { "POST templates/morning_briefing/flow": refusal });
  expect(await screen.findByRole("heading", { name: "Nothing waits, and nothing runs" })).toBeVisible();
  expect(screen.getByRole("link", { name: "start runs over HTTP" })).toHaveAttribute("href", "/docs/rest");
  await user.click(await screen.findByRole("button", { name: "Use Morning briefing" }));
  expect(await screen.findByText("No flow was made of Morning briefing")).toBeVisible();
});

test("a press on the reason of a failure shows all of it", async () => {
  const message = `The model said: ${"no ".repeat(200)}end.`;
  const error = { code: "bad_request", message };
  const { user } = open({
    ...nothing,
    failed: [createRun("x1", { status: "failed", error, finished_at: at(-3) })],
  });
  await user.click(await screen.findByRole("button", { name: /show why the run of Report has failed/ }));
  const dialog = within(screen.getByRole("dialog", { name: "Failed: Report" }));
  expect(dialog.getByText(message)).toBeVisible();
  expect(dialog.getByText("bad_request")).toBeVisible();
  expect(dialog.getByRole("link", { name: "Open the flow" })).toHaveAttribute("href", "/flows/f1");
});

test("each time on the page is said to be of which time zone", async () => {
  const { user } = open(nothing, [schedule]);
  const table = await screen.findByRole("table", { name: "Schedules" });
  expect(within(table).getByText(/, Europe\/Berlin$/)).toBeVisible();
  expect(screen.getByText(/Times of runs are those of this browser, in /)).toBeVisible();
  await user.click(screen.getByRole("button", { name: /show what Report has not started/ }));
  expect(within(screen.getByRole("dialog")).getAllByText(/Europe\/Berlin/)).toHaveLength(2);
});

test("how many workers live stands in the head, where workers execute runs", async () => {
  open({ ...nothing, workers: 0 }, [schedule]);
  expect(await screen.findByText("No worker lives: runs wait until one is started")).toBeVisible();
});

test("a queue that cannot be read gives a reason and another try", async () => {
  let isDown = true;
  const refusal = createRefusal(500, { code: "internal", message: "The server failed while it answered." });
  const { user } = open(() => (isDown ? refusal : nothing));
  expect(await screen.findByText("The queue cannot be shown", {}, { timeout: 10_000 })).toBeVisible();
  isDown = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Nothing waits, and nothing runs" })).toBeVisible();
});

test("a viewer is told that the queue is for others", async () => {
  open(nothing, [], "viewer");
  expect(await screen.findByRole("heading", { name: "The queue is for editors and admins" })).toBeVisible();
});
