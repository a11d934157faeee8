import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Connection, TestResult } from "../../api/types";
import { anthropicKind, createConnection } from "../../testing/data";
import { createMe, openApp } from "../../testing/render";
import { type Answers, createRefusal, serveAnswers } from "../../testing/server";

const works: TestResult = {
  ok: true,
  tested_at: new Date().toISOString(),
  ms: 212,
  models: 14,
  newest: "claude-fable-5-2",
  temperature: "accepted by the 4.5 and 4.6 models",
  code: null,
  message: "The key works.",
  hint: null,
};

async function openDialog(stored: Connection, answers: Answers = {}) {
  const asked = serveAnswers({
    "GET me": createMe("admin"),
    "GET connection-kinds": { kinds: [anthropicKind] },
    "GET connections": { connections: [stored] },
    ...answers,
  });
  const { user } = openApp("/connections");
  await user.click(await screen.findByRole("button", { name: stored.name }));
  return { user, asked, dialog: within(await screen.findByRole("dialog")) };
}

test("a stored key is shown by its end, and saving without replacing it sends none", async () => {
  const { user, asked, dialog } = await openDialog(createConnection(), {
    "PATCH connections/c1": createConnection(),
  });
  expect(dialog.getByText("••••••••7Qx2")).toBeVisible();
  await user.type(dialog.getByLabelText("Name"), " 2");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(asked).toContainEqual({
    call: "PATCH connections/c1",
    body: {
      name: "Anthropic production 2",
      settings: { base_url: "https://api.anthropic.com", time_limit_s: 600 },
      secrets: {},
    },
  });
});

test("a changed base URL says that the key is cleared, until a new key is typed", async () => {
  const { user, dialog } = await openDialog(createConnection());
  await user.type(dialog.getByLabelText("Base URL"), "/eu");
  expect(dialog.getByText(/Saving clears the key/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Replace key" }));
  await user.type(dialog.getByLabelText("API key"), "sk-new");
  expect(dialog.queryByText(/Saving clears the key/)).not.toBeInTheDocument();
});

test("a figure outside its limits is refused beside its field and not sent", async () => {
  const { user, asked, dialog } = await openDialog(createConnection());
  const limit = dialog.getByLabelText("Time limit");
  await user.clear(limit);
  await user.type(limit, "9000");
  expect(limit).toBeValid();
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(limit).toHaveAccessibleDescription("Time limit is at most 3600.");
  expect(dialog.getByRole("button", { name: "Save" })).toHaveAccessibleDescription(
    "Time limit is at most 3600.",
  );
  expect(limit).toHaveValue("9000");
  expect(asked.map(({ call }) => call)).not.toContain("PATCH connections/c1");
});

test("a refusal stands at the field that it names", async () => {
  const message = "The base URL must begin with https://.";
  const { user, dialog } = await openDialog(createConnection(), {
    "PATCH connections/c1": createRefusal(422, { code: "invalid", message, field: "settings.base_url" }),
  });
  const url = dialog.getByLabelText("Base URL");
  await user.clear(url);
  await user.type(url, "ftp://x");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(await dialog.findByText(message)).toBeVisible();
  expect(url).toBeInvalid();
});

test("a test tells what was learnt", async () => {
  let stored = createConnection();
  const { user, dialog } = await openDialog(stored, {
    "GET connections": () => ({ connections: [stored] }),
    "POST connections/c1/test": () => (stored = { ...stored, last_test: works }).last_test,
  });
  await user.click(dialog.getByRole("button", { name: "Test" }));
  expect(await dialog.findByText("Works")).toBeVisible();
  expect(dialog.getByText("tested just now, 212 ms")).toBeVisible();
  expect(dialog.getByText("claude-fable-5-2").parentElement).toHaveTextContent("14, newest claude-fable-5-2");
});

test("a test that fails says why and what to do", async () => {
  const refused = { ...works, ok: false, models: null, newest: null, temperature: null };
  const last_test = { ...refused, message: "Anthropic refuses the key.", hint: "Replace the key." };
  const { dialog } = await openDialog(createConnection({ last_test }));
  expect(dialog.getByText("Does not work")).toBeVisible();
  expect(dialog.getByText("Anthropic refuses the key.")).toBeVisible();
  expect(dialog.getByText("Replace the key.")).toBeVisible();
});

test("a new connection is saved once, then tested", async () => {
  const made: Connection[] = [createConnection()];
  const fresh = createConnection({
    id: "c2",
    name: "Staging",
    secrets: { api_key: { set: true, last4: "9abc" } },
  });
  const asked = serveAnswers({
    "GET me": createMe("admin"),
    "GET connection-kinds": { kinds: [anthropicKind] },
    "GET connections": () => ({ connections: made }),
    "POST connections": () => {
      made.push(fresh);
      return fresh;
    },
    "POST connections/c2/test": works,
  });
  const { user } = openApp("/connections");
  await user.click(await screen.findByRole("button", { name: "New connection" }));
  await user.type(screen.getByLabelText("Name"), "Staging");
  await user.type(screen.getByLabelText("API key"), "sk-ant-9abc");
  await user.click(screen.getByRole("button", { name: "Save and test" }));
  expect(await screen.findByRole("heading", { name: "Staging" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Cancel" })).not.toBeInTheDocument();
  await user.type(screen.getByLabelText("Name"), " 2");
  expect(screen.getByRole("button", { name: "Discard changes" })).toBeVisible();
  await user.type(screen.getByLabelText("Name"), "{Backspace}{Backspace}");
  expect(screen.getAllByRole("button", { name: "Close" })).toHaveLength(2);
  const sent = asked.filter(({ call }) => call.startsWith("POST")).map(({ call }) => call);
  expect(sent).toEqual(["POST connections", "POST connections/c2/test"]);
});

test("a connection in use cannot be deleted, and what uses it is a link", async () => {
  const used_by = [
    { kind: "flow" as const, id: "f1", name: "Night desk" },
    { kind: "collection" as const, id: "k1", name: "Manuals" },
  ];
  const { user, asked, dialog } = await openDialog(createConnection({ used_by }));
  expect(screen.getByText("1 flow, 1 collection")).toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  const asking = within(screen.getByRole("alertdialog"));
  expect(asking.getByRole("link", { name: "Night desk" })).toHaveAttribute("href", "/flows/f1");
  expect(asking.getByRole("link", { name: "Manuals" })).toHaveAttribute("href", "/collections/k1");
  await user.click(asking.getByRole("button", { name: "Delete connection" }));
  expect(asked.map(({ call }) => call)).not.toContain("DELETE connections/c1");
});

test("the simulator is named as such in the list and in the dialog", async () => {
  const { dialog } = await openDialog(createConnection({ simulator: true, last_test: works }));
  expect(dialog.getByText("Simulator")).toBeVisible();
  expect(dialog.getByText(/^no model is called, tested/)).toBeVisible();
  expect(screen.getAllByText("simulator on this server")).toHaveLength(1);
});

test("an editor is told that connections are for admins", async () => {
  serveAnswers({ "GET me": createMe("editor") });
  openApp("/connections");
  expect(await screen.findByRole("heading", { name: "Connections are for admins" })).toBeVisible();
});
