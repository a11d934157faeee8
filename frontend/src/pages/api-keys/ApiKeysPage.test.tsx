import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ApiKey } from "../../api/types";
import { createFlowRow } from "../../testing/data";
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
  origins: [],
  expires_at: null,
  last_used_at: null,
  created_at: "2026-11-01T08:00:00Z",
  created_by: "Ines Moreau",
};

function openKeys(keys: ApiKey[]) {
  const answers = {
    "GET me": createMe("admin"),
    "GET flows": { flows: [createFlowRow(), createFlowRow({ id: "f2", name: "Parts finder" })] },
    "GET api-keys": () => ({ api_keys: keys }),
    "POST api-keys": (sent: unknown) => {
      keys.push({ ...stored, id: "k2", ...(sent as Partial<ApiKey>) });
      return { ...keys.at(-1), key: SECRET };
    },
    "DELETE api-keys/k1": undefined,
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
  expect(screen.getByLabelText("Command")).toHaveTextContent(
    `curl -N ${location.origin}/api/v1/flows/f1/stream`,
  );
  expect(screen.getByLabelText("Command")).toHaveTextContent(`Authorization: Bearer ${SECRET}`);
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByText("Kiosk")).toBeVisible();
  expect(document.body).not.toHaveTextContent(SECRET);
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
  await user.selectOptions(screen.getByLabelText("Expires"), "Never");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  await screen.findByText(SECRET);
  expect(asked).toContainEqual({
    call: "POST api-keys",
    body: { name: "Kiosk", policies: ["execute"], flows: ["f2"] },
  });
});

test("the origins of its pages are checked, sent, and shown beside the key", async () => {
  const { user, asked } = openKeys([]);
  await user.click(await screen.findByRole("button", { name: "New API key" }));
  await user.type(screen.getByLabelText("Name"), "Shop");
  await user.type(screen.getByLabelText("Web pages"), "shop.example");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  expect(screen.getByText(/shop.example is not an origin/)).toBeVisible();
  await user.clear(screen.getByLabelText("Web pages"));
  await user.type(screen.getByLabelText("Web pages"), "https://shop.example, http://localhost:3000");
  await user.selectOptions(screen.getByLabelText("Expires"), "Never");
  await user.click(screen.getByRole("button", { name: "Create key" }));
  await screen.findByText(SECRET);
  const origins = ["https://shop.example", "http://localhost:3000"];
  expect(asked).toContainEqual({
    call: "POST api-keys",
    body: { name: "Shop", policies: ["execute"], origins },
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
