import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { RunRow } from "../api/types";
import { renderPart } from "../testing/render";
import { serveAnswers } from "../testing/server";
import { RunList } from "./RunList";

function createRun(id: string, prompt: string): RunRow {
  return {
    ...{ id, flow: "f1", revision: 2, environment: "production", status: "completed" },
    ...{ started_at: "2026-11-02T08:00:00Z", finished_at: "2026-11-02T08:00:01Z" },
    ...{
      duration_ms: 900,
      first_item_ms: 300,
      items: 3,
      error: null,
      log_expired_at: null,
      caller: "visitor",
      waits_for: null,
      input: { prompt },
    },
  };
}

const plain = createRun("r1", "Which gate?");
const remark = "<b>The wrong gate.</b>";
const bad = { ...createRun("r2", "Which wheel?"), feedback: { rating: "bad", remark } };
const old = { ...createRun("r3", "Which race?"), feedback: { rating: "good", remark: "" } };

function open() {
  serveAnswers({
    "GET runs?flow=f1&limit=20": { runs: [bad, plain] },
    "GET flows/f1/rated-runs?limit=20": { runs: [bad, old] },
    "GET flows/f1/rated-runs?rating=bad&limit=20": { runs: [bad] },
    "GET flows/f1/rated-runs?rating=good&limit=20": { runs: [] },
  });
  return renderPart(<RunList flow="f1" onShow={vi.fn()} />);
}

test("a rated run has its thumb and the remark, as it was typed", async () => {
  open();
  const row = await screen.findByRole("button", { name: /Which wheel/ });
  expect(await within(row).findByText("Bad")).toBeVisible();
  expect(within(row).getByText(remark)).toBeVisible();
  expect(within(screen.getByRole("button", { name: /Which gate/ })).queryByText("Bad")).toBeNull();
});

test("rated runs are shown alone, also those that the list has no more", async () => {
  const { user } = open();
  const filter = await screen.findByRole("combobox", { name: "Which runs" });
  await user.selectOptions(filter, "Rated by visitors");
  expect(await screen.findByRole("button", { name: /Which race/ })).toBeVisible();
  expect(screen.queryByRole("button", { name: /Which gate/ })).toBeNull();
  await user.selectOptions(filter, "Rated bad");
  expect(await screen.findAllByRole("listitem")).toHaveLength(1);
  await user.selectOptions(filter, "Rated good");
  expect(await screen.findByText("No run is rated so.")).toBeVisible();
});

test("a run that a schedule has started is told in words: where, the due time and its zone", async () => {
  const at = "2026-11-30T09:00:00+01:00";
  const input = { due_at: at, time_zone: "Europe/Berlin", late: false, missed: 0, input: {} };
  serveAnswers({
    "GET runs?flow=f1&limit=20": { runs: [{ ...plain, caller: "schedule", input }] },
    "GET flows/f1/rated-runs?limit=20": { runs: [] },
  });
  renderPart(<RunList flow="f1" onShow={vi.fn()} />);
  const row = await screen.findByRole("button", {
    name: /Schedule, due Mon 30 Nov, 09:00 \+01:00, Europe\/Berlin/,
  });
  expect(row).toHaveTextContent("by schedule, production");
  expect(row).not.toHaveTextContent("due_at");
});

test("a run that has not begun is said to wait, not to run", async () => {
  serveAnswers({
    "GET runs?flow=f1&limit=20": { runs: [{ ...plain, status: "running", waits_for: "turn" }] },
    "GET flows/f1/rated-runs?limit=20": { runs: [] },
  });
  renderPart(<RunList flow="f1" onShow={vi.fn()} />);
  const row = await screen.findByRole("button", { name: /Which gate/ });
  expect(row).toHaveTextContent("Waiting");
  expect(row).not.toHaveTextContent("Running");
});
