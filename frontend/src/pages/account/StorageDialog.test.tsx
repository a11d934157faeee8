import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Role, StorageUse } from "../../api/types";
import { createFlowRow } from "../../testing/data";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const GB = 1024 ** 3;

const storage: StorageUse = {
  used_bytes: 3.4 * GB,
  allowed_bytes: 20 * GB,
  largest: [
    { kind: "flow", id: "f1", name: "Night desk", bytes: 2.1 * GB },
    { kind: "collection", id: "c1", name: "Manuals", bytes: 1.2 * GB },
    { kind: "conversations", id: null, name: "Conversations", bytes: 100 * 1024 ** 2 },
  ],
};

async function openMenu(role: Role, answer: unknown) {
  serveAnswers({
    "GET me": createMe(role),
    "GET flows": { flows: [createFlowRow()] },
    "GET storage": answer,
    "GET retention": { days: null, runs: null, server_days: 30, server_runs: null },
  });
  const { user, router } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: /Ines Moreau/ }));
  return { user, router };
}

async function openStorage(answer: unknown) {
  const { user, router } = await openMenu("admin", answer);
  await user.click(screen.getByRole("menuitem", { name: "Storage" }));
  return { user, router, dialog: within(await screen.findByRole("dialog", { name: "Storage" })) };
}

test("an admin sees how much is used of what is allowed, and what holds most", async () => {
  const { dialog } = await openStorage(storage);
  const meter = await dialog.findByRole("meter", { name: "Used" });
  expect(meter).toHaveAttribute("aria-valuetext", "3.4 GB of 20 GB");
  expect(dialog.getByText("17 %")).toBeVisible();
  const rows = dialog.getAllByRole("row").map((row) => row.textContent);
  expect(rows).toEqual([
    "Night deskRuns of this flow2.1 GB",
    "ManualsDocuments of this collection1.2 GB",
    "ConversationsOf all flows and callers100 MB",
  ]);
  expect(dialog.queryByText(/no run starts/)).toBeNull();
});

test("a part leads to its page, and the dialog is closed", async () => {
  const { user, router, dialog } = await openStorage({ ...storage, largest: storage.largest.slice(1) });
  await user.click(await dialog.findByRole("link", { name: "Manuals" }));
  await waitFor(() => expect(router.state.location.pathname).toBe("/collections/c1"));
  expect(screen.queryByRole("dialog", { name: "Storage" })).toBeNull();
});

test("a workspace that is nearly full is told what happens then", async () => {
  const { dialog } = await openStorage({ ...storage, used_bytes: 18 * GB });
  expect(await dialog.findByText(/no run starts/)).toBeVisible();
});

test("an empty workspace stores nothing yet", async () => {
  const { dialog } = await openStorage({ used_bytes: 0, allowed_bytes: 20_000_000_000, largest: [] });
  expect(await dialog.findByText("Nothing is stored yet.")).toBeVisible();
  expect(dialog.getByText("0 %")).toBeVisible();
});

test("a measurement that fails is told", async () => {
  const refusal = createRefusal(503, { code: "busy", message: "The server is busy." });
  const { dialog } = await openStorage(refusal);
  expect(await dialog.findByRole("alert")).toHaveTextContent("The server is busy.");
});

test.each<Role>(["editor", "viewer"])("the role %s has no such command", async (role) => {
  await openMenu(role, storage);
  expect(screen.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  expect(screen.queryByRole("menuitem", { name: "Storage" })).toBeNull();
});
