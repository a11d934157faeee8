import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ImportReview } from "../../../api/types";
import { createFlowRow } from "../../../testing/data";
import { createMe, openApp } from "../../../testing/render";
import { createRefusal, serveAnswers } from "../../../testing/server";

const content = '{"format": "millrace.flows"}';
const file = new File([content], "desk.json", { type: "application/json" });

function createReview(change: Partial<ImportReview> = {}): ImportReview {
  const flow = { id: "flow_1", name: "Desk", description: "", node_count: 3, note_count: 0 };
  return {
    tool: "Millrace",
    version: "1",
    flows: [{ ...flow, problem_count: 0, problems: [] }],
    placeholders: [],
    report: [],
    warnings: [],
    ...change,
  };
}

const connection = {
  id: "ask_1",
  title: "Anthropic connection",
  type: "connection",
  kind: "anthropic",
  name: "Main",
  used_by: ["Answer: Connection", "Check: Connection"],
  choices: [
    { id: "c1", name: "Ours" },
    { id: "c2", name: "Ours" },
  ],
  suggested: null,
};

function openFlows(answers: Record<string, unknown>) {
  const asked = serveAnswers({
    "GET me": createMe("editor"),
    "GET flows": { flows: [createFlowRow()] },
    ...answers,
  });
  return { asked, ...openApp("/flows") };
}

test("the dialog shows what comes, asks for what is open, and sends what is chosen", async () => {
  const { asked, user } = openFlows({
    "POST flows/import/check": createReview({
      placeholders: [connection],
      warnings: ["There is one already."],
    }),
    "POST flows/import": createRefusal(422, {
      code: "unknown_choice",
      message: "The workspace has no such connection.",
      field: "choices.ask_1",
    }),
  });
  await user.upload(await screen.findByLabelText("File to import"), file);
  const dialog = within(await screen.findByRole("dialog", { name: "Import desk.json" }));
  expect(await dialog.findByText("3 nodes")).toBeVisible();
  expect(dialog.getByText("There is one already.")).toBeVisible();
  const field = dialog.getByLabelText(/Anthropic connection for Main/);
  expect(field).toHaveAccessibleDescription("For Answer: Connection, and 1 more.");
  await user.selectOptions(field, "Ours (2)");
  await user.click(dialog.getByRole("button", { name: "Import flow" }));
  expect(await dialog.findByText("The workspace has no such connection.")).toBeVisible();
  expect(asked).toContainEqual({ call: "POST flows/import", body: { content, choices: { ask_1: "c2" } } });
});

test("what the workspace has under the same name is chosen already", async () => {
  const { user } = openFlows({
    "POST flows/import/check": createReview({ placeholders: [{ ...connection, suggested: "c1" }] }),
  });
  await user.upload(await screen.findByLabelText("File to import"), file);
  expect(await screen.findByLabelText(/Anthropic connection for Main/)).toHaveDisplayValue("Ours");
});

test("the report of another tool lists first what was left", async () => {
  const step = { kind: "n8n-nodes-base.telegram", actions: [], note: "" };
  const report = [
    { ...step, outcome: "mapped" as const, title: "Ask" },
    { ...step, outcome: "left" as const, title: "Tell", note: "It has no counterpart." },
  ];
  const { user } = openFlows({ "POST flows/import/check": createReview({ tool: "n8n", report }) });
  await user.upload(await screen.findByLabelText("File to import"), file);
  const groups = within(await screen.findByRole("region", { name: "Report" })).getAllByRole("group");
  expect(groups.map((group) => group.firstChild?.textContent)).toEqual([
    "No counterpart: 1 step",
    "The same here: 1 step",
  ]);
  expect(screen.getByText("It has no counterpart.")).toBeVisible();
  expect(screen.getByText("Ask")).not.toBeVisible();
});

test("a refused file says why, and Escape closes the dialog", async () => {
  const { user } = openFlows({
    "POST flows/import/check": createRefusal(422, {
      code: "newer_file",
      message: "The file has version 2 of the format.",
      hint: "Update this server.",
    }),
  });
  await user.upload(await screen.findByLabelText("File to import"), file);
  expect(await screen.findByRole("alert")).toHaveTextContent(
    "The file has version 2 of the format. Update this server.",
  );
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("a dropped file opens the dialog, and an empty one is not even sent", async () => {
  const { asked } = openFlows({ "POST flows/import/check": createReview() });
  const page = await screen.findByText("Night desk");
  const drop = (dropped: File) =>
    fireEvent.drop(page, { dataTransfer: { types: ["Files"], files: [dropped] } });
  drop(new File([], "nothing.json"));
  expect(await screen.findByRole("alert")).toHaveTextContent("The file is empty. Export it again.");
  expect(asked.map(({ call }) => call)).not.toContain("POST flows/import/check");
  drop(file);
  await waitFor(() => expect(screen.getByText("3 nodes")).toBeVisible());
});

test("an empty workspace offers the import", async () => {
  openFlows({ "GET flows": { flows: [] } });
  expect(await screen.findByRole("button", { name: "Import" })).toBeVisible();
});

test("a viewer is offered no import", async () => {
  openFlows({ "GET me": createMe("viewer") });
  await screen.findByText("Night desk");
  expect(screen.queryByRole("button", { name: "Import" })).not.toBeInTheDocument();
});
