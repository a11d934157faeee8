import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { createExpiredRun } from "../testing/data";
import { renderPart } from "../testing/render";
import { ClientView } from "./ClientView";
import { showExpiredRun, showRun, shownRunStore } from "../run/store";

const view = <ClientView flow="f1" ask={null} onShowRun={vi.fn()} onOpenSession={vi.fn()} />;

test("an old run shows what was kept of it, and says what was not", () => {
  showRun("r", { prompt: "What is new?" });
  showExpiredRun(createExpiredRun());
  renderPart(view);
  expect(screen.getByText("What is new?")).toBeVisible();
  expect(screen.getByText("Old news.", { selector: "p" })).toBeVisible();
  expect(
    screen.getByText(
      "The log of this run was deleted 30 days after it ended. What the client received is kept.",
    ),
  ).toBeVisible();
});

test("values that were in the log only are said to be gone", () => {
  showRun("r", null);
  showExpiredRun(createExpiredRun({ text: "", items: 2 }));
  renderPart(view);
  expect(screen.getByText(/The values that it yielded were in it\.$/)).toBeVisible();
});

test.each([
  ["start", "Not run."],
  ["stop", "Not stopped."],
  ["show", "Not shown."],
] as const)("what was refused is named: %s", (refused, words) => {
  showRun("r", null);
  shownRunStore.setState({
    refusedRequest: refused,
    refusal: { code: "no", message: "The server said no." },
  });
  renderPart(view);
  expect(screen.getByRole("alert")).toHaveTextContent(`${words} The server said no.`);
});

test("warnings of a run are said in words, each once", () => {
  showRun("r", null);
  const warning = { ms: 1, node: "chat", code: "empty_answer", message: "Nothing came.", hint: "Ask again." };
  const state = { ...shownRunStore.getState().state, status: "completed" as const };
  const warnings = [1, 2].map((ms) => ({ ...warning, ms, property: null }));
  shownRunStore.setState({ state: { ...state, warnings } });
  renderPart(view);
  expect(screen.getByText(/Nothing came\. Ask again\./)).toBeVisible();
});

test("a run that a schedule has started says when it was due, and has the JSON behind a press", async () => {
  const at = "2026-11-30T09:00:00+01:00";
  showRun("r", { due_at: at, time_zone: "Europe/Berlin", late: false, missed: 0, input: { tone: "calm" } });
  const { user } = renderPart(view);
  expect(screen.getByText("Schedule, due Mon 30 Nov, 09:00 +01:00, Europe/Berlin")).toBeVisible();
  expect(screen.getByText(/"tone": "calm"/)).not.toBeVisible();
  await user.click(screen.getByText("As JSON"));
  expect(screen.getByText(/"tone": "calm"/)).toBeVisible();
});
