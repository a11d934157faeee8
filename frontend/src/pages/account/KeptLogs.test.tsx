import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Retention } from "../../api/types";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const stored: Retention = { days: null, runs: 500, server_days: 30, server_runs: null };

async function openKeptLogs(answers: Record<string, unknown>) {
  const calls = serveAnswers({
    "GET me": createMe("admin"),
    "GET flows": { flows: [] },
    "GET storage": { used_bytes: 0, allowed_bytes: 1, largest: [] },
    "GET retention": stored,
    ...answers,
  });
  const { user } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: /Ines Moreau/ }));
  await user.click(screen.getByRole("menuitem", { name: "Storage" }));
  const section = within(await screen.findByRole("region", { name: "Logs of finished runs" }));
  return { user, section, calls };
}

test("an admin sees what is kept, and what the server keeps at most", async () => {
  const { section } = await openKeptLogs({});
  const age = await section.findByRole("textbox", { name: "Age" });
  expect(age).toHaveValue("");
  expect(age).toHaveAttribute("placeholder", "30");
  expect(age).toHaveAccessibleDescription("The server keeps 30 days at most.");
  const number = section.getByRole("textbox", { name: "Number" });
  expect(number).toHaveValue("500");
  expect(number).toHaveAttribute("placeholder", "All");
});

test("what an admin types is sent, and what is empty is as the server says", async () => {
  const changed = { ...stored, days: 7, runs: null };
  const { user, section, calls } = await openKeptLogs({ "PUT retention": changed });
  await user.type(await section.findByRole("textbox", { name: "Age" }), "7");
  await user.clear(section.getByRole("textbox", { name: "Number" }));
  await user.click(section.getByRole("button", { name: "Save kept logs" }));
  expect(await screen.findByText("Kept logs changed")).toBeVisible();
  expect(calls.find(({ call }) => call === "PUT retention")?.body).toEqual({ days: 7, runs: null });
});

test("the keyboard stays where it was when the rule is kept", async () => {
  const { user, section } = await openKeptLogs({ "PUT retention": { ...stored, days: 7 } });
  const age = await section.findByRole("textbox", { name: "Age" });
  await user.type(age, "007{Enter}");
  expect(await screen.findByText("Kept logs changed")).toBeVisible();
  expect(age).toHaveFocus();
  expect(age).toHaveValue("7");
});

test("what is no number is told, and not sent", async () => {
  const { user, section } = await openKeptLogs({});
  await user.type(await section.findByRole("textbox", { name: "Age" }), "a week{Enter}");
  expect(await section.findByText("A whole number from 1, or empty.")).toBeVisible();
  expect(section.getByRole("textbox", { name: "Age" })).toHaveAttribute("aria-invalid", "true");
});

test("the refusal of the server stands at its field, and is scrolled into view", async () => {
  const scroll = vi.spyOn(Element.prototype, "scrollIntoView");
  const message = "This server keeps the logs of 30 days at most.";
  const refusal = createRefusal(422, { code: "keeps_too_much", message, field: "days" });
  const { user, section } = await openKeptLogs({ "PUT retention": refusal });
  await user.type(await section.findByRole("textbox", { name: "Age" }), "31");
  await user.click(section.getByRole("button", { name: "Save kept logs" }));
  const words = await section.findByText(message);
  await waitFor(() => expect(scroll.mock.contexts).toContain(words.closest("p")));
});

test("what cannot be read is told", async () => {
  const refusal = createRefusal(503, { code: "busy", message: "The server is busy." });
  const { section } = await openKeptLogs({ "GET retention": refusal });
  expect(await section.findByRole("alert")).toHaveTextContent("The server is busy.");
});
