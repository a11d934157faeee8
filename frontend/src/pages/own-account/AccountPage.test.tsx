import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Account, BrowserSession } from "../../api/types";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const here: BrowserSession = {
  id: "s1",
  browser: "Firefox on Windows",
  began_at: "2026-11-01T08:00:00Z",
  last_seen_at: "2026-11-01T08:00:00Z",
  is_current: true,
};
const elsewhere: BrowserSession = { ...here, id: "s2", browser: "Safari on an iPhone", is_current: false };
const account: Account = {
  id: "u1",
  name: "Ines Moreau",
  username: "ines",
  address: "",
  has_password: true,
  second_factor: null,
  provider: null,
  sessions: [here, elsewhere],
};

function open(answers: Record<string, unknown> = {}) {
  const asked = serveAnswers({ "GET me": createMe("viewer"), "GET account": account, ...answers });
  return { asked, ...openApp("/account") };
}

test("a wrong password is told at its field", async () => {
  const refusal = createRefusal(422, {
    code: "wrong_password",
    message: "This is not your password.",
    field: "current",
  });
  const { user, asked } = open({ "POST account/password": refusal });
  await user.type(await screen.findByLabelText("Current password"), "x");
  await user.type(screen.getByLabelText("New password"), "a wheel of oak{Enter}");
  expect(await screen.findByText("This is not your password.")).toBeVisible();
  expect(asked).toContainEqual({
    call: "POST account/password",
    body: { current: "x", password: "a wheel of oak" },
  });
});

test("another browser is signed out, and this one is not offered", async () => {
  let sessions = [here, elsewhere];
  const { user } = open({
    "GET account": () => ({ ...account, sessions }),
    "DELETE account/sessions/s2": () => {
      sessions = [here];
    },
  });
  await user.click(await screen.findByRole("button", { name: "Sign out Safari on an iPhone" }));
  expect(await screen.findByText("Safari on an iPhone is signed out.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Sign out Firefox on Windows" })).toBeNull();
  const everywhere = screen.getByRole("button", { name: "Sign out everywhere else" });
  expect(everywhere).toHaveAttribute("aria-disabled", "true");
});

test("signing out everywhere else is asked first", async () => {
  const { user, asked } = open({ "DELETE account/sessions": undefined });
  await user.click(await screen.findByRole("button", { name: "Sign out everywhere else" }));
  expect(asked.map(({ call }) => call)).not.toContain("DELETE account/sessions");
  await user.click(screen.getByRole("button", { name: "Sign out" }));
  expect(await screen.findByText("This browser stays signed in.")).toBeVisible();
});

test("who has no password yet sets the first one", async () => {
  open({ "GET account": { ...account, has_password: false } });
  expect(await screen.findByRole("button", { name: "Set password" })).toBeVisible();
  expect(screen.queryByLabelText("Current password")).toBeNull();
});

const off = { since: null, codes_left: 0 };
const setup = { secret: "ABCDEFGH", address: "otpauth://totp/ines", picture: "<svg/>" };
const codes = ["1234567890", "0987654321"];

test("a second factor is set up with the password and a code, and the recovery codes are shown once", async () => {
  let factor = off;
  const { user, asked } = open({
    "GET account": () => ({ ...account, second_factor: factor }),
    "POST account/second-factor/setup": setup,
    "POST account/second-factor": () => {
      factor = { since: "2026-11-01T08:00:00Z", codes_left: 10 } as never;
      return { codes };
    },
  });
  await user.click(await screen.findByRole("button", { name: "Set up" }));
  await user.type(screen.getByLabelText("Your password"), "wheel{Enter}");
  expect(await screen.findByRole("img", { name: /QR code/ })).toBeVisible();
  expect(screen.getByRole("group", { name: "Key for the app" })).toHaveTextContent("ABCD EFGH");
  await user.type(screen.getByLabelText("Code"), "123456{Enter}");
  expect(await screen.findByText("12345-67890")).toBeVisible();
  await user.keyboard("{Escape}");
  expect(await screen.findByText(/They cannot be shown again/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByText(/10 recovery codes are left/)).toBeVisible();
  expect(asked).toContainEqual({ call: "POST account/second-factor/setup", body: { current: "wheel" } });
  expect(asked).toContainEqual({ call: "POST account/second-factor", body: { code: "123456" } });
});

test("a wrong code turns nothing off, and is told at its field", async () => {
  const refusal = createRefusal(422, { code: "wrong_code", message: "This code is wrong.", field: "code" });
  const { user } = open({
    "GET account": { ...account, second_factor: { since: "2026-11-01T08:00:00Z", codes_left: 1 } },
    "POST account/second-factor/removal": refusal,
  });
  expect(await screen.findByText(/One recovery code is left/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Turn off" }));
  await user.type(await screen.findByLabelText("Code"), "000000{Enter}");
  expect(await screen.findByText("This code is wrong.")).toBeVisible();
});

test("a workspace that requires a second factor shows nothing else to who lacks one", async () => {
  const rule = { is_offered: true, is_required: true, is_missing: true };
  const me = createMe("viewer");
  const other = { ...me.workspace, id: "w2", name: "Elsewhere" };
  const { user, asked } = open({
    "GET me": { ...me, workspaces: [me.workspace, other], second_factor: rule },
    "GET account": { ...account, second_factor: off },
    "PATCH me": { ...me, workspace: other },
  });
  expect(await screen.findByRole("heading", { name: "Tidewell requires a second factor" })).toBeVisible();
  expect(screen.queryByRole("heading", { name: "Account" })).toBeNull();
  expect(await screen.findByRole("button", { name: "Set up a second factor" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Go to Elsewhere" }));
  expect(await screen.findByRole("heading", { name: "Account" })).toBeVisible();
  expect(asked).toContainEqual({ call: "PATCH me", body: { workspace: "w2" } });
});

test("the account of the provider is connected from here", async () => {
  const { user, asked } = open({
    "GET account": { ...account, provider: { name: "Keyhouse", is_linked: false } },
    "POST sign-in/provider": createRefusal(502, { code: "provider_unreachable", message: "It is away." }),
  });
  await user.click(await screen.findByRole("button", { name: "Connect with Keyhouse" }));
  expect(await screen.findByText("It is away.")).toBeVisible();
  expect(asked).toContainEqual({ call: "POST sign-in/provider", body: { connect: true } });
});
