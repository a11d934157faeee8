import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { AuditEntry } from "../../api/types";
import { createMe, openApp } from "../../testing/render";
import { serveAnswers } from "../../testing/server";

const entry: AuditEntry = {
  id: "1",
  at: "2026-11-01T08:00:00Z",
  deed: "flow.deleted",
  actor: { kind: "person", id: "u2", name: "Nora Lind" },
  subject_id: "f1",
  subject_name: "Night desk",
  detail: "",
};
const earlier: AuditEntry = {
  ...entry,
  id: "0",
  deed: "session.began",
  subject_name: "",
  detail: "Firefox on Windows",
};

function open(answers: Record<string, unknown>) {
  const asked = serveAnswers({ "GET me": createMe("admin"), "GET members": { members: [] }, ...answers });
  return { asked, ...openApp("/audit-log") };
}

test("entries say who did what, and earlier ones are loaded from the cursor", async () => {
  const { user } = open({
    "GET audit-log": { entries: [entry], next: "9-1" },
    "GET audit-log?after=9-1": { entries: [earlier], next: null },
  });
  const table = await screen.findByRole("table", { name: "Audit log" });
  expect(table).toHaveTextContent("Nora Linddeleted the flow Night desk");
  await user.click(screen.getByRole("button", { name: "Load earlier entries" }));
  expect(await within(table).findByText("Firefox on Windows")).toBeVisible();
  expect(screen.getByText("These are all entries.")).toBeVisible();
});

test("a pressed name and a chosen kind narrow the list and the export", async () => {
  const { user } = open({
    "GET audit-log": { entries: [entry], next: null },
    "GET audit-log?person=u2": { entries: [entry], next: null },
    "GET audit-log?person=u2&deed=key.created": { entries: [], next: null },
  });
  await user.click(await screen.findByRole("button", { name: "Nora Lind" }));
  expect(await screen.findByLabelText("Who")).toHaveDisplayValue("Nora Lind");
  await user.selectOptions(screen.getByLabelText("What"), "API key made");
  expect(await screen.findByRole("heading", { name: "Nothing matches these filters" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Export CSV" })).toHaveAttribute(
    "href",
    "/api/v1/audit-log/export?person=u2&deed=key.created&format=csv",
  );
  await user.click(screen.getByRole("button", { name: "Show everything" }));
  expect(await screen.findByText("deleted the flow Night desk")).toBeVisible();
});
