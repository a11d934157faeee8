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
