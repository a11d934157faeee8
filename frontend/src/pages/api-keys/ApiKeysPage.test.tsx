import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ApiKey } from "../../api/types";
import { createFlowRow } from "../../testing/data";
import { createCatalogue, createGraph, createNode, trigger } from "../../testing/flow";
import { createMe, openApp } from "../../testing/render";
import { serveAnswers } from "../../testing/server";

const SECRET = "mr_live_kP0aTq8uN4bV";
const stored: ApiKey = {
  id: "k1",
  name: "Web site",
  prefix: "mr_live",
  last4: "N4bV",
  policies: ["execute"],
  flows: null,
  environments: ["production"],
  origins: [],
  runs_per_minute: null,
  runs_at_once: null,
  tokens_per_day: null,
  expires_at: null,
  last_used_at: null,
  rotated_at: null,
  old_secret: null,
  created_at: "2026-11-01T08:00:00Z",
  created_by: "Ines Moreau",
};

const started = { ...createNode("start", trigger), properties: { test_data: { order: "A-17" } } };

function openKeys(keys: ApiKey[]) {
  const answers = {
    "GET me": createMe("admin"),
    "GET flows": { flows: [createFlowRow(), createFlowRow({ id: "f2", name: "Parts finder" })] },
    "GET flows/f1": { ...createFlowRow(), graph: createGraph([started]) },
    "GET flows/f2": { ...createFlowRow({ id: "f2" }), graph: createGraph([]) },
    "GET actions": createCatalogue({ Test: [trigger] }),
    "GET api-keys": () => ({ api_keys: keys }),
    "POST api-keys": (sent: unknown) => {
      keys.push({ ...stored, id: "k2", ...(sent as Partial<ApiKey>) });
      return { ...keys.at(-1), key: SECRET };
    },
    "DELETE api-keys/k1": undefined,
    "PATCH api-keys/k1": stored,
    "POST api-keys/k1/rotation": { ...stored, key: SECRET },
  };
  return { asked: serveAnswers(answers), ...openApp("/api-keys") };
}

test("the key is shown once, with a call that is ready to paste", async () => {
  const { user } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  await user.type(screen.getByLabelText("Name"), "Kiosk");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByText(SECRET)).toBeVisible();
  expect(screen.getByText(/only time that the key is shown/)).toBeVisible();
  expect(await screen.findByLabelText("Command")).toHaveTextContent(
    `curl -N ${location.origin}/api/v1/flows/f1/stream`,
  );
  expect(screen.getByLabelText("Command")).toHaveTextContent(`-d '{"order":"A-17"}'`);
  expect(screen.getByLabelText("Command")).toHaveTextContent(`Authorization: Bearer ${SECRET}`);
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByText("Kiosk")).toBeVisible();
  expect(document.body).not.toHaveTextContent(SECRET);
});

test("a flow without a trigger is told to be none that can be called", async () => {
  const { user } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  await user.type(screen.getByLabelText("Name"), "Kiosk");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  await user.selectOptions(await screen.findByLabelText("Call a flow with it"), "Parts finder");
  expect(await screen.findByText(/has no trigger yet/)).toBeVisible();
  expect(screen.queryByLabelText("Command")).not.toBeInTheDocument();
});

test("a click beside the shown key does not lose it", async () => {
  const { user } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  await user.type(screen.getByLabelText("Name"), "Kiosk");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  await screen.findByText(SECRET);
  fireEvent.pointerDown(document.body);
  await user.keyboard("{Escape}");
  expect(screen.getByText("Close without the key?")).toBeVisible();
  await user.keyboard("{Escape}");
  expect(screen.getByText(SECRET)).toBeVisible();
});

test("Escape asks before it discards what was typed", async () => {
  const { user } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  await user.type(screen.getByLabelText("Name"), "Kiosk{Escape}");
  expect(screen.getByText("Discard what you typed?")).toBeVisible();
  await user.keyboard("{Escape}");
  expect(screen.getByLabelText("Name")).toHaveValue("Kiosk");
  await user.keyboard("{Escape}");
  await user.click(screen.getByRole("button", { name: "Discard" }));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("the button says what is missing while it cannot be pressed, and nothing is sent", async () => {
  const { user, asked } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  const create = screen.getByRole("button", { name: "Create key" });
  expect(create).toHaveAttribute("aria-disabled", "true");
  expect(create).toHaveAccessibleDescription("Give the key a name.");
  await user.type(screen.getByLabelText("Name"), "Kiosk");
  expect(create).not.toHaveAttribute("aria-disabled");
  await user.click(screen.getByLabelText("Run flows"));
  expect(create).toHaveAccessibleDescription("Choose what the key may do.");
  await user.click(screen.getByLabelText("Run flows"));
  await user.click(screen.getByLabelText("Production"));
  expect(create).toHaveAccessibleDescription("Choose at least one environment.");
  await user.click(screen.getByLabelText("Production"));
  await user.click(screen.getByLabelText("Only these"));
  expect(create).toHaveAccessibleDescription("Choose at least one flow, or all of them.");
  await user.click(create);
  expect(asked.map(({ call }) => call)).not.toContain("POST api-keys");
});

test("what the key may do is sent as it was chosen", async () => {
  const { user, asked } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  await user.type(screen.getByLabelText("Name"), "Kiosk");
  await user.click(screen.getByLabelText("Only these"));
  await user.click(screen.getByLabelText("Parts finder"));
  await user.click(screen.getByLabelText("Development"));
  await user.selectOptions(screen.getByLabelText("Expires"), "Never");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  await screen.findByText(SECRET);
  expect(asked).toContainEqual({
    call: "POST api-keys",
    body: {
      ...{ name: "Kiosk", policies: ["execute"], flows: ["f2"] },
      environments: ["production", "development"],
    },
  });
});

test("the origins of its pages are checked, sent, and shown beside the key", async () => {
  const { user, asked } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  await user.type(screen.getByLabelText("Name"), "Shop");
  const pages = screen.getByLabelText(/^Allowed origins/);
  await user.type(pages, "shop.example");
  expect(pages).toBeValid();
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(pages).toHaveAccessibleDescription(/shop.example is not an origin/);
  await user.clear(screen.getByLabelText(/^Allowed origins/));
  await user.type(screen.getByLabelText(/^Allowed origins/), "https://shop.example, http://localhost:3000");
  await user.selectOptions(screen.getByLabelText("Expires"), "Never");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  await screen.findByText(SECRET);
  const origins = ["https://shop.example", "http://localhost:3000"];
  expect(asked).toContainEqual({
    call: "POST api-keys",
    body: { name: "Shop", policies: ["execute"], environments: ["production"], origins },
  });
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByText(/for 2 origins/)).toBeVisible();
  expect(screen.getByTitle(`For pages of ${origins.join(", ")}`)).toBeVisible();
});

test("a key is revoked only after it was confirmed", async () => {
  const { user, asked } = openKeys([stored]);
  await user.click(await screen.findByRole("button", { name: "Revoke Web site" }));
  expect(asked.map(({ call }) => call)).not.toContain("DELETE api-keys/k1");
  await user.click(within(screen.getByRole("alertdialog")).getByRole("button", { name: "Revoke key" }));
  expect(await screen.findByText("API key revoked")).toBeVisible();
  expect(asked.map(({ call }) => call)).toContain("DELETE api-keys/k1");
});

test("a rotated key shows its new secret, and the old one with its last use", async () => {
  const old = { prefix: "mr_live", last4: "Old9", works_until: "2030-11-01T08:00:00Z", last_used_at: null };
  const { user } = openKeys([{ ...stored, old_secret: old }]);
  expect(await screen.findByText("old: …Old9")).toBeVisible();
  expect(screen.getByText("old: never")).toBeVisible();
  expect(screen.getByText("old: 1 Nov 2030")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "More for Web site" }));
  expect(screen.getByRole("menuitem", { name: "Revoke old secret" })).toBeVisible();
  await user.click(screen.getByRole("menuitem", { name: "Rotate" }));
  expect(screen.getByLabelText("The old secret works on")).toHaveDisplayValue("For a day");
  await user.click(screen.getByRole("button", { name: "Rotate key" }));
  expect(await screen.findByText(SECRET)).toBeVisible();
});

test("limits are changed, and a fault is told before they are sent", async () => {
  const { user, asked } = openKeys([{ ...stored, runs_per_minute: 60 }]);
  await user.click(await screen.findByRole("button", { name: "More for Web site" }));
  await user.click(screen.getByRole("menuitem", { name: "Limits" }));
  expect(screen.getByLabelText("Runs per minute")).toHaveValue("60");
  await user.type(screen.getByLabelText("Tokens per day"), "lots");
  expect(screen.getByRole("button", { name: "Save limits" })).toHaveAttribute("aria-disabled", "true");
  await user.clear(screen.getByLabelText("Tokens per day"));
  await user.type(screen.getByLabelText("Tokens per day"), "500,000");
  await user.click(screen.getByRole("button", { name: "Save limits" }));
  expect(await screen.findByText("Limits changed")).toBeVisible();
  expect(asked).toContainEqual(
    expect.objectContaining({ body: { runs_per_minute: 60, tokens_per_day: 500_000 } }),
  );
});
