import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Invitation, Member } from "../../api/types";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const URL = "http://127.0.0.1:8000/join#secret";
const own: Member = {
  id: "u1",
  name: "Ines Moreau",
  username: "ines",
  address: "",
  role: "admin",
  has_second_factor: false,
  last_seen_at: "2026-11-01T08:00:00Z",
};
const other: Member = {
  ...own,
  id: "u2",
  name: "Nora Lind",
  username: "nora",
  role: "viewer",
  last_seen_at: null,
};
const waiting: Invitation = {
  id: "i1",
  role: "editor",
  address: "kai@mill.example",
  created_at: "2026-11-01T08:00:00Z",
  created_by: "Ines Moreau",
  expires_at: "2026-11-08T08:00:00Z",
};

function open(answers: Record<string, unknown> = {}) {
  const asked = serveAnswers({
    "GET me": createMe("admin"),
    "GET members": { members: [own, other] },
    "GET invitations": { invitations: [] },
    ...answers,
  });
  return { asked, ...openApp("/members") };
}

test("the link of an invitation is shown once", async () => {
  const { user, asked } = open({ "POST invitations": { ...waiting, url: URL } });
  await user.click(await screen.findByRole("button", { name: "Invite" }));
  await user.click(screen.getByLabelText("Viewer"));
  await user.type(screen.getByLabelText(/^Mail address/), "kai@mill.example");
  await user.click(screen.getByRole("button", { name: "Create link" }));
  expect(await screen.findByText(URL)).toBeVisible();
  expect(asked).toContainEqual({
    call: "POST invitations",
    body: { role: "viewer", address: "kai@mill.example" },
  });
  await user.keyboard("{Escape}");
  expect(screen.getByText("Close without the link?")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Close" }));
  expect(document.body).not.toHaveTextContent(URL);
});

test("an address that is a member already is refused at its field", async () => {
  const refusal = createRefusal(409, {
    code: "already_member",
    message: "nora@mill.example is a member already.",
    field: "address",
  });
  const { user } = open({ "POST invitations": refusal });
  await user.click(await screen.findByRole("button", { name: "Invite" }));
  await user.type(screen.getByLabelText(/^Mail address/), "nora@mill.example{Enter}");
  expect(await screen.findByLabelText(/^Mail address/)).toHaveAccessibleDescription(/member already/);
});

test("a role is changed in its row, and never the own one", async () => {
  const { user, asked } = open({ "PATCH members/u2": { ...other, role: "editor" } });
  await user.selectOptions(await screen.findByLabelText("Role of Nora Lind"), "Editor");
  expect(await screen.findByText("Nora Lind is an editor now.")).toBeVisible();
  expect(asked).toContainEqual({ call: "PATCH members/u2", body: { role: "editor" } });
  expect(screen.queryByLabelText("Role of Ines Moreau")).toBeNull();
  expect(screen.queryByRole("button", { name: "More for Ines Moreau" })).toBeNull();
});

test("a role that the server does not change stays, and says why", async () => {
  const refusal = createRefusal(409, {
    code: "last_admin",
    message: "Nora Lind is the only admin of this workspace.",
  });
  const { user } = open({ "PATCH members/u2": refusal });
  await user.selectOptions(await screen.findByLabelText("Role of Nora Lind"), "Editor");
  expect(await screen.findByText("Nora Lind is the only admin of this workspace.")).toBeVisible();
  expect(screen.getByLabelText("Role of Nora Lind")).toHaveDisplayValue("Viewer");
});

test("an invitation that waits can be revoked, after a question", async () => {
  let invitations = [waiting];
  const { user } = open({
    "GET invitations": () => ({ invitations }),
    "DELETE invitations/i1": () => {
      invitations = [];
    },
  });
  await user.click(await screen.findByRole("button", { name: "Revoke the invitation for kai@mill.example" }));
  await user.click(
    within(screen.getByRole("alertdialog")).getByRole("button", { name: "Revoke invitation" }),
  );
  expect(await screen.findByText(/No invitation waits/)).toBeVisible();
});

test("who is no admin is told that members are for admins", async () => {
  open({ "GET me": createMe("editor") });
  expect(await screen.findByRole("heading", { name: "Members are for admins" })).toBeVisible();
});

const offered = { is_offered: true, is_required: false, is_missing: false };

test("the second factor of a member is reset after a question", async () => {
  const { user, asked } = open({
    "GET me": { ...createMe("admin"), second_factor: offered },
    "GET members": { members: [own, { ...other, has_second_factor: true }] },
    "DELETE members/u2/second-factor": undefined,
  });
  await user.click(await screen.findByRole("button", { name: "More for Nora Lind" }));
  await user.click(screen.getByRole("menuitem", { name: "Reset the second factor" }));
  await user.click(await screen.findByRole("button", { name: "Reset" }));
  expect(await screen.findByText(/Nora Lind signs in without a code/)).toBeVisible();
  expect(asked.map(({ call }) => call)).toContain("DELETE members/u2/second-factor");
});

test("who has no second factor cannot require one, and is told so", async () => {
  const { user } = open({
    "GET me": { ...createMe("admin"), second_factor: offered },
    "PUT members/second-factor": createRefusal(409, {
      code: "own_factor_first",
      message: "You are signed in without a second factor.",
      hint: "Set one up under Account first.",
    }),
  });
  await user.click(await screen.findByRole("switch", { name: "Require a second factor" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/without a second factor.*Account first/);
  expect(screen.getByRole("switch")).not.toBeChecked();
});

test("a server that offers no second factor shows nothing of it", async () => {
  open();
  expect(await screen.findByRole("button", { name: "More for Nora Lind" })).toBeVisible();
  expect(screen.queryByRole("switch", { name: "Require a second factor" })).toBeNull();
});
