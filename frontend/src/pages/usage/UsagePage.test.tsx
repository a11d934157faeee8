import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { UsageFigures, WorkspaceUsage } from "../../api/types";
import { createFlowRow } from "../../testing/data";
import { createMe, openApp } from "../../testing/render";
import { serveAnswers } from "../../testing/server";

const none: UsageFigures = {
  runs: 0,
  failed: 0,
  cancelled: 0,
  tokens: { input: 0, output: 0, cache_read: 0, cache_write: 0 },
  cost: 0,
  unpriced: [],
  first_chunk_p50_ms: null,
  first_chunk_p95_ms: null,
};
const some: UsageFigures = {
  ...none,
  runs: 12,
  failed: 2,
  tokens: { input: 4000, output: 900, cache_read: 0, cache_write: 0 },
  cost: 0.017,
  unpriced: ["a-model"],
  first_chunk_p50_ms: 412,
  first_chunk_p95_ms: 900,
};
const usage: WorkspaceUsage = {
  first_day: "2026-11-19",
  last_day: "2026-11-20",
  total: some,
  days: [
    { day: "2026-11-19", ...none },
    { day: "2026-11-20", ...some },
  ],
  flows: [{ flow: "f1", name: "Night desk", exists: true, ...some }],
  versions: [{ flow: "f1", name: "Night desk", exists: true, number: 3, ...some }],
  keys: [
    { caller: "key", key: "k1", name: "Site", exists: false, ...some },
    { caller: "visitor", key: null, name: "Visitors of chat pages", exists: true, ...none },
    { caller: "schedule", key: null, name: "Schedules", exists: true, ...none },
  ],
  models: [
    {
      model: "a-model",
      is_simulated: false,
      answers: 12,
      tokens: some.tokens,
      cost: 0,
      unpriced: ["input", "output"],
    },
  ],
  left_out: { flows: 0, versions: 2, keys: 0 },
};
const empty = { ...usage, total: none, days: [], flows: [], versions: [], keys: [], models: [] };
const DAYS = "from=2026-11-19&to=2026-11-20";

function open(role: "admin" | "viewer", answers: Record<string, unknown>, address = `?${DAYS}`) {
  const asked = serveAnswers({
    "GET me": createMe(role),
    "GET flows": { flows: [createFlowRow({ id: "f1", name: "Night desk" })] },
    "GET api-keys": { api_keys: [] },
    ...answers,
  });
  return { asked, ...openApp(`/usage${address}`) };
}

test("the keyboard goes from day to day, and each day says its figures", async () => {
  const { user } = open("admin", { [`GET usage?${DAYS}`]: usage });
  const day = await screen.findByRole("slider", { name: "Runs: day" });
  expect(day).toHaveAttribute("aria-valuetext", "20 Nov: Completed 10, Cancelled 0, Failed 2");
  day.focus();
  await user.keyboard("{ArrowLeft}");
  expect(day).toHaveAttribute("aria-valuetext", "19 Nov: Completed 0, Cancelled 0, Failed 0");
  expect(screen.getByRole("slider", { name: "Time to first chunk: day" })).toHaveAttribute(
    "aria-valuetext",
    "20 Nov: Half of the runs (p50) 0.41 s, 19 of 20 (p95) 0.90 s",
  );
});

test("behind a plot is its table, and what has no price is named", async () => {
  const { user } = open("admin", { [`GET usage?${DAYS}`]: usage });
  await user.click(await screen.findByRole("button", { name: "Table of Tokens" }));
  const table = screen.getByRole("table", { name: "Tokens" });
  expect(within(table).getAllByRole("row")[2]).toHaveTextContent("2026-11-204,000900");
  expect(screen.getByText(/Not all tokens have a price: a-model/)).toBeVisible();
  expect(screen.getByRole("table", { name: "Models" })).toHaveTextContent("no priceinput, output");
  expect(screen.getByRole("table", { name: "Callers" })).toHaveTextContent("Key Site (revoked)");
  expect(screen.getByText("2 more rows with fewer runs not shown.")).toBeVisible();
});

test("a table is saved as CSV", async () => {
  const texts: Blob[] = [];
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: (blob: Blob) => texts.push(blob) && "blob:x" }));
  Object.assign(URL, { revokeObjectURL: () => undefined });
  const { user } = open("admin", { [`GET usage?${DAYS}`]: usage });
  await user.click(await screen.findByRole("button", { name: "Save Runs as CSV" }));
  expect(await texts[0]?.text()).toBe(
    "Day,Runs,Failed,Cancelled\r\n2026-11-19,0,0,0\r\n2026-11-20,12,2,0\r\n",
  );
});

test("a chosen flow stands in the address and is asked for", async () => {
  const { user, asked } = open("viewer", {
    [`GET usage?${DAYS}`]: { ...usage, keys: null },
    [`GET usage?${DAYS}&flow=f1`]: empty,
  });
  await screen.findByRole("table", { name: "Flows" });
  expect(screen.queryByRole("table", { name: "Callers" })).not.toBeInTheDocument();
  expect(screen.queryByLabelText("Called by")).not.toBeInTheDocument();
  await user.selectOptions(screen.getByLabelText("Flow"), "Night desk");
  expect(await screen.findByRole("heading", { name: "No run has ended in these days" })).toBeVisible();
  expect(asked.map(({ call }) => call)).toContain(`GET usage?${DAYS}&flow=f1`);
});

test("visitors and schedules are callers of their own, on the page, in its filter and in the file", async () => {
  const texts: Blob[] = [];
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: (blob: Blob) => texts.push(blob) && "blob:x" }));
  Object.assign(URL, { revokeObjectURL: () => undefined });
  const { user, asked } = open("admin", {
    [`GET usage?${DAYS}`]: usage,
    [`GET usage?${DAYS}&caller=schedule`]: empty,
  });
  const table = await screen.findByRole("table", { name: "Callers" });
  expect(within(table).getByText("Visitors of chat pages")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Save Callers as CSV" }));
  expect(await texts[0]?.text()).toContain("\r\nSchedules,0,");
  await user.selectOptions(screen.getByLabelText("Called by"), "Schedules");
  expect(await screen.findByRole("heading", { name: "No run has ended in these days" })).toBeVisible();
  expect(asked.map(({ call }) => call)).toContain(`GET usage?${DAYS}&caller=schedule`);
});

const prices = {
  known_as_of: "2026-11-23",
  currency: "USD",
  prices: [{ id: null, model: "claude-sonnet-5-5", prompts: "any", since: null, input: 2, output: 10 }],
};

test("an admin sets a price; whoever is none only sees them", async () => {
  const { user, asked } = open("admin", {
    [`GET usage?${DAYS}`]: usage,
    "GET prices": prices,
    "POST prices": {},
  });
  await user.click(await screen.findByRole("button", { name: "Prices" }));
  expect(await screen.findByRole("table", { name: "Prices by model" })).toHaveTextContent(
    "claude-sonnet-5-5",
  );
  await user.click(screen.getByRole("button", { name: "Set a price" }));
  await user.type(screen.getByLabelText("Model"), "a-model");
  await user.type(screen.getByLabelText("Input"), "1.5");
  await user.click(screen.getByRole("button", { name: "Set price" }));
  const sent = asked.find(({ call }) => call === "POST prices");
  expect(sent?.body).toMatchObject({ model: "a-model", prompts: "any", input: 1.5 });
});

test("a viewer is not offered to set a price", async () => {
  const { user } = open("viewer", { [`GET usage?${DAYS}`]: { ...usage, keys: null }, "GET prices": prices });
  await user.click(await screen.findByRole("button", { name: "Prices" }));
  await screen.findByRole("table", { name: "Prices by model" });
  expect(screen.queryByRole("button", { name: "Set a price" })).not.toBeInTheDocument();
});
