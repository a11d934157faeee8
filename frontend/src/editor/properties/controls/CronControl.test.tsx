import { screen } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Schedule } from "../../../api/types";
import { graphStore } from "../../../graph/store";
import { getLastEdit, openPanel } from "../../../testing/panel";
import { createProperty } from "../../../testing/property";
import { createMe } from "../../../testing/render";
import { createRefusal, serveAnswers } from "../../../testing/server";

const starts = createProperty({
  ...{ name: "expression", title: "Starts", type: "cron", widget: "cron" },
  ...{ modes: ["literal"], default: "0 9 * * *" },
});
const zone = createProperty({
  ...{ name: "time_zone", title: "Time Zone", type: "time_zone", widget: "time_zone" },
  ...{ modes: ["literal"], default: "UTC" },
});

const daily = {
  words: "At 02:30 every day",
  times: [
    { at: "2027-03-28T03:00:00+02:00", change: "moved" },
    { at: "2027-03-29T02:30:00+02:00", change: null },
    { at: "2027-10-31T02:30:00+02:00", change: "first_of_two" },
  ],
};
const weekly = { words: "At 09:00 on Monday", times: [{ at: "2027-04-05T09:00:00+00:00", change: null }] };
const refusal = createRefusal(400, { code: "bad_parameter", message: "This needs five fields." });
const schedule = { id: "s1", environment: "production", revision: 4, is_on: false, due_at: null };

function createPromise<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve: (value: Value) => resolve(value) };
}

let schedules: Partial<Schedule>[] = [];

beforeEach(() => {
  schedules = [];
  graphStore.setState({ flow: "f1" });
  serveAnswers({
    "GET me": createMe("editor"),
    "GET schedules?flow=f1": () => ({ schedules }),
    "GET schedules/preview?expression=30+2+*+*+*&time_zone=Europe%2FBerlin": daily,
    "GET schedules/preview?expression=0+9+*+*+*&time_zone=UTC": weekly,
    "GET schedules/preview?expression=0+9+*+*+MON&time_zone=UTC": weekly,
    "GET schedules/preview?expression=0+9&time_zone=UTC": refusal,
    "GET schedules/preview?expression=0+9+*+*+*&time_zone=Nowhere": createRefusal(400, {
      ...{ code: "bad_parameter", message: "There is no time zone 'Nowhere'.", field: "time_zone" },
    }),
  });
});

test("an expression is told in words, with the next times by the clocks of its zone", async () => {
  openPanel([starts, zone], { expression: "30 2 * * *", time_zone: "Europe/Berlin" });
  expect(await screen.findByText("At 02:30 every day")).toBeVisible();
  const times = screen.getByRole("list", { name: "The next times" });
  const told = [...times.children].map(({ textContent }) => textContent.replace(/^(\w+),/, "$1"));
  expect(told).toEqual([
    "Sun 28 Mar, 03:00 +02:00clocks skip",
    "Mon 29 Mar, 02:30 +02:00",
    "Sun 31 Oct, 02:30 +02:00the first of two",
  ]);
});

test("a common time is chosen by keys", async () => {
  const user = openPanel([starts, zone]);
  await user.click(screen.getByRole("combobox", { name: "Starts" }));
  await user.click(await screen.findByRole("option", { name: /each Monday at 09:00/ }));
  expect(getLastEdit()).toEqual(["expression", "0 9 * * MON"]);
  expect(await screen.findByText("At 09:00 on Monday")).toBeVisible();
});

test("what is no expression says why in place of the times", async () => {
  openPanel([starts, zone], { expression: "0 9" });
  expect(await screen.findByText("This needs five fields.")).toBeVisible();
});

test("the times of another expression are not shown while new ones are read", async () => {
  const user = openPanel([starts, zone]);
  expect(await screen.findByText("At 09:00 on Monday")).toBeVisible();
  const { promise, resolve } = createPromise<Response>();
  const answerOthers = fetch;
  vi.stubGlobal("fetch", (address: string, init: RequestInit) =>
    address.includes("expression=1+2+*+*+*") ? promise : answerOthers(address, init),
  );
  await user.type(screen.getByRole("combobox", { name: "Starts" }), "1 2 * * *");
  expect(await screen.findByText("Reading the times")).toBeVisible();
  expect(screen.queryByText("At 09:00 on Monday")).toBeNull();
  resolve(Response.json(daily));
  expect(await screen.findByText("At 02:30 every day")).toBeVisible();
});

test("the draft is said to start nothing, and a published version where it starts", async () => {
  openPanel([starts, zone]);
  expect(await screen.findByText(/Nothing starts by itself yet. Publish the flow/)).toBeVisible();
});

test("a schedule that is switched off is told with the way to its switch", async () => {
  schedules = [schedule as Partial<Schedule>];
  openPanel([starts, zone]);
  const list = await screen.findByRole("list", { name: "Where it starts by itself" });
  expect(list).toHaveTextContent("Version 4 starts in production, but is switched off. Queue");
  expect(screen.getByRole("link", { name: "Queue" })).toHaveAttribute("href", "/queue");
});

test("who may only look is not led to the queue, which is for editors", async () => {
  schedules = [schedule as Partial<Schedule>];
  openPanel([starts, zone], {}, { readOnly: true });
  expect(await screen.findByRole("list", { name: "Where it starts by itself" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "Queue" })).toBeNull();
});

test("a time zone is found by its city", async () => {
  const user = openPanel([zone]);
  await user.type(screen.getByRole("combobox", { name: "Time Zone" }), "new york");
  await user.click(await screen.findByRole("option", { name: "America/New_York" }));
  expect(getLastEdit()).toEqual(["time_zone", "America/New_York"]);
});

test.each([
  ["berl", "Europe/Berlin"],
  ["utc", "UTC"],
])("Enter takes the zone that is meant by %s", async (typed, meant) => {
  const user = openPanel([zone]);
  await user.type(screen.getByRole("combobox", { name: "Time Zone" }), `${typed}{Enter}`);
  expect(getLastEdit()).toEqual(["time_zone", meant]);
  expect(screen.queryByRole("option")).toBeNull();
});

test("Enter keeps a text that fits several zones", async () => {
  const user = openPanel([zone]);
  await user.type(screen.getByRole("combobox", { name: "Time Zone" }), "europe{Enter}");
  expect(getLastEdit()).toEqual(["time_zone", "europe"]);
});

test("the arrow shows the time zones", async () => {
  const user = openPanel([zone]);
  await user.click(screen.getByRole("button", { name: "Show the time zones" }));
  expect(await screen.findByRole("option", { name: /UTC/ })).toBeVisible();
});

test("a wrong time zone is told at its own field alone", async () => {
  openPanel([starts, zone], { time_zone: "Nowhere" });
  expect(await screen.findByText("No times: the time zone is not known.")).toBeVisible();
  expect(screen.queryByText(/There is no time zone/)).toBeNull();
});
