import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Variable } from "../../api/types";
import { createMe, openApp } from "../../testing/render";
import { type Answers, createRefusal, serveAnswers } from "../../testing/server";

const tone: Variable = {
  id: "v1",
  name: "TONE",
  secret: false,
  set_in: ["test"],
  values: { test: "dry" },
  used_by: [],
  created_at: "2026-11-01T08:00:00Z",
  updated_at: "2026-11-01T08:00:00Z",
};
const token: Variable = { ...tone, id: "v2", name: "TOKEN", secret: true, values: {} };

function open(variables: Variable[], answers: Answers = {}) {
  const asked = serveAnswers({ "GET me": createMe("admin"), "GET variables": { variables }, ...answers });
  return { asked, ...openApp("/variables") };
}

test("a value is told where it is plain, and that it is set where it is a secret", async () => {
  open([tone, token]);
  const table = within(await screen.findByRole("table", { name: "Variables" }));
  expect(table.getByText("dry")).toBeVisible();
  expect(table.getByText("••••••••")).toBeVisible();
  expect(table.getAllByText("Not set")).toHaveLength(4);
});

test("a new secret is sent with the values that were typed", async () => {
  const { user, asked } = open([], { "POST variables": token });
  await user.click(await screen.findByRole("button", { name: "New variable" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.type(dialog.getByLabelText("Name"), "TOKEN");
  await user.click(dialog.getByLabelText("Secret"));
  await user.type(dialog.getByLabelText(/^Production/), "a-long-secret");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  const body = { name: "TOKEN", secret: true, values: { production: "a-long-secret" } };
  expect(asked).toContainEqual({ call: "POST variables", body });
});

test("a stored secret is kept unless it is replaced, and a short one is not sent", async () => {
  const { user, asked } = open([token], { "PATCH variables/v2": token });
  await user.click(await screen.findByRole("button", { name: "TOKEN" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Replace the value of Test" }));
  await user.type(dialog.getByLabelText(/^Test/), "short");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(asked.map(({ call }) => call)).not.toContain("PATCH variables/v2");
  await user.click(dialog.getByRole("button", { name: "Keep" }));
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(asked).toContainEqual({ call: "PATCH variables/v2", body: { name: "TOKEN", values: {} } });
});

test("a cleared plain value is taken away", async () => {
  const { user, asked } = open([tone], { "PATCH variables/v1": tone });
  await user.click(await screen.findByRole("button", { name: "TONE" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.clear(dialog.getByLabelText(/^Test/));
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(asked).toContainEqual({
    call: "PATCH variables/v1",
    body: { name: "TONE", values: { test: null } },
  });
});

test("a variable that a flow reads cannot be deleted, and the flow is a link", async () => {
  const { user, asked } = open([{ ...tone, used_by: [{ kind: "flow", id: "f1", name: "Night desk" }] }]);
  await user.click(await screen.findByRole("button", { name: "More for TONE" }));
  await user.click(screen.getByRole("menuitem", { name: /^Delete/ }));
  const asking = within(screen.getByRole("alertdialog"));
  expect(asking.getByRole("link", { name: "Night desk" })).toHaveAttribute("href", "/flows/f1");
  expect(asking.getByRole("button", { name: "Delete variable" })).toHaveAttribute("aria-disabled", "true");
  await user.click(asking.getByRole("button", { name: "Delete variable" }));
  expect(asked.map(({ call }) => call)).not.toContain("DELETE variables/v1");
});

test("a refusal stands at the field that it names", async () => {
  const message = "'in' is a word of the expression language.";
  const { user } = open([tone], {
    "PATCH variables/v1": createRefusal(422, { code: "invalid_name", message, field: "name" }),
  });
  await user.click(await screen.findByRole("button", { name: "TONE" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.clear(dialog.getByLabelText("Name"));
  await user.type(dialog.getByLabelText("Name"), "in");
  await user.click(dialog.getByRole("button", { name: "Save" }));
  expect(await dialog.findByText(message)).toBeVisible();
});
