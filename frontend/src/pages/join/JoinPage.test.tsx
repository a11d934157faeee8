import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { OpenedInvitation } from "../../api/types";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const invitation: OpenedInvitation = {
  workspace: "Tidewell",
  role: "editor",
  address: "",
  invited_by: "Ines Moreau",
  expires_at: "2026-12-01T08:00:00Z",
  person: null,
};

function open(answers: Record<string, unknown>) {
  const asked = serveAnswers({ "GET me": createMe("editor"), "GET flows": { flows: [] }, ...answers });
  return { asked, ...openApp("/join#secret") };
}

test("a new account joins, and the secret of the link is sent in a body alone", async () => {
  const { user, asked, router } = open({
    "POST open-invitation": invitation,
    "POST sign-up": createMe("editor"),
  });
  expect(await screen.findByRole("heading", { name: "Join Tidewell" })).toBeVisible();
  await user.type(screen.getByLabelText("Your name"), "Nora Lind");
  await user.type(screen.getByLabelText("User name"), "nora");
  await user.type(screen.getByLabelText("Password"), "wheel and water{Enter}");
  expect(await screen.findByRole("heading", { name: "Flows" })).toBeVisible();
  const body = { token: "secret", username: "nora", name: "Nora Lind", password: "wheel and water" };
  expect(asked).toContainEqual({ call: "POST sign-up", body });
  expect(asked.filter(({ call }) => call.includes("secret"))).toEqual([]);
  expect(router.state.location.hash).toBe("");
});

test("who has an account signs in and joins at once", async () => {
  const { user, asked } = open({ "POST open-invitation": invitation, "POST sign-in": createMe("editor") });
  await user.click(await screen.findByRole("button", { name: "I have an account" }));
  await user.type(screen.getByLabelText("User name"), "nora");
  await user.type(screen.getByLabelText("Password"), "wheel and water{Enter}");
  expect(await screen.findByRole("heading", { name: "Flows" })).toBeVisible();
  const body = { username: "nora", password: "wheel and water", invitation: "secret" };
  expect(asked).toContainEqual({ call: "POST sign-in", body });
});

test("who is signed in joins with one press", async () => {
  const signedIn = { ...invitation, person: "Nora Lind" };
  const { user, asked } = open({
    "POST open-invitation": signedIn,
    "POST accept-invitation": createMe("editor"),
  });
  await user.click(await screen.findByRole("button", { name: "Join as Nora Lind" }));
  expect(await screen.findByRole("heading", { name: "Flows" })).toBeVisible();
  expect(asked).toContainEqual({ call: "POST accept-invitation", body: { token: "secret" } });
});

test("a refused password is told at its field, and what was typed stays", async () => {
  const refusal = createRefusal(422, {
    code: "password_too_common",
    message: "This password is too common.",
    field: "password",
  });
  const { user } = open({ "POST open-invitation": invitation, "POST sign-up": refusal });
  await user.type(await screen.findByLabelText("Your name"), "Nora Lind");
  await user.type(screen.getByLabelText("User name"), "nora");
  await user.type(screen.getByLabelText("Password"), "12345678{Enter}");
  expect(await screen.findByText("This password is too common.")).toBeVisible();
  expect(screen.getByLabelText("User name")).toHaveValue("nora");
});

test("a link that cannot be used says why", async () => {
  open({
    "POST open-invitation": createRefusal(410, {
      code: "invitation_used",
      message: "This invitation has been used.",
      hint: "Ask an admin of the workspace for a new one.",
    }),
  });
  expect(await screen.findByRole("alert")).toHaveTextContent(/has been used.*Ask an admin/);
});
