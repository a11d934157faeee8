import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { reportSignedIn, reportSignedOut } from "../api/server-state";
import type { Role } from "../api/types";
import { createFlowRow } from "../testing/data";
import { createMe, openApp } from "../testing/render";
import { createRefusal, serveAnswers } from "../testing/server";

afterEach(reportSignedIn);

function open(address: string, answers: Record<string, unknown> = {}) {
  const asked = serveAnswers({
    "GET me": createMe("admin"),
    "GET flows": { flows: [createFlowRow()] },
    ...answers,
  });
  return { asked, ...openApp(address) };
}

test("the first address leads to the flows", async () => {
  const { router } = open("/");
  expect(await screen.findByRole("heading", { name: "Flows" })).toBeVisible();
  expect(router.state.location.pathname).toBe("/flows");
  await waitFor(() => expect(document.title).toBe("Flows · Millrace"));
});

test("an unknown address says so and leads to the flows", async () => {
  const { user } = open("/nowhere");
  expect(await screen.findByRole("heading", { name: "There is no such page" })).toBeVisible();
  await user.click(screen.getByRole("link", { name: "All flows" }));
  expect(await screen.findByRole("link", { name: "Night desk" })).toBeVisible();
});

test("a page that stopped tells it in words of its own, and what the browser said beside them", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  open("/flows", { "GET flows": { flows: [{ ...createFlowRow(), updated_at: "no time" }] } });
  expect(await screen.findByRole("heading", { name: "This page cannot be shown" })).toBeVisible();
  expect(screen.getByText(/^An error of the page itself stopped it. What was saved is safe./)).toBeVisible();
  expect(screen.getByText("Invalid time value")).toBeVisible();
  vi.restoreAllMocks();
});

test.each<[Role, string[]]>([
  [
    "admin",
    [
      "Flows",
      "Connections",
      "Variables",
      "Collections",
      "API keys",
      "Queue",
      "Usage",
      "Members",
      "Audit log",
    ],
  ],
  ["editor", ["Flows", "Collections", "Queue", "Usage"]],
  ["viewer", ["Flows", "Collections", "Usage"]],
])("the side bar of the role %s shows %j", async (role, titles) => {
  open("/flows", { "GET me": createMe(role) });
  await screen.findByRole("heading", { name: "Flows" });
  const links = screen.getByRole("navigation", { name: "Main" }).querySelectorAll("a");
  expect([...links].map((link) => link.textContent)).toEqual(titles);
});

test("what is wrong with the server's settings stands above each page", async () => {
  const fault = "Calls come through a proxy. Set MILLRACE_PROXIES=1, and start the server again.";
  const { user } = open("/flows", { "GET me": { ...createMe("admin"), setup_faults: [fault] } });
  expect(await screen.findByText(fault)).toBeVisible();
  await user.click(screen.getByRole("link", { name: "Connections" }));
  expect(await screen.findByRole("heading", { name: "Connections" })).toBeVisible();
  expect(screen.getByText(fault)).toBeVisible();
});

test("settings that fit take no room", async () => {
  open("/flows");
  await screen.findByRole("heading", { name: "Flows" });
  expect(screen.queryByRole("complementary", { name: "The server's settings" })).toBeNull();
});

test("the person changes the workspace, and everything is loaded again", async () => {
  const me = createMe("admin");
  const other = { id: "w2", name: "Harbour", role: "viewer" as const };
  const both = { ...me, workspaces: [...me.workspaces, other] };
  const { user, asked } = open("/flows", {
    "GET me": both,
    "PATCH me": { ...both, workspace: other },
  });
  await user.click(await screen.findByRole("button", { name: "Workspace Tidewell" }));
  await user.click(screen.getByRole("menuitemradio", { name: /Harbour/ }));
  expect(await screen.findByRole("button", { name: "Workspace Harbour" })).toBeVisible();
  expect(asked).toContainEqual({ call: "PATCH me", body: { workspace: "w2" } });
  expect(asked.filter(({ call }) => call === "GET flows")).toHaveLength(2);
});

test("signing out leads to the sign-in page", async () => {
  let me: unknown = createMe("admin");
  const refusal = createRefusal(401, { code: "not_signed_in", message: "You are not signed in." });
  const { user } = open("/flows", {
    "GET me": () => me,
    "POST sign-out": () => {
      me = refusal;
    },
  });
  await user.click(await screen.findByRole("button", { name: /Ines Moreau/ }));
  await user.click(screen.getByRole("menuitem", { name: "Sign out" }));
  expect(await screen.findByLabelText("Password")).toBeVisible();
});

test("a server that cannot be reached gives a reason and another try", async () => {
  let isDown = true;
  const refusal = createRefusal(500, { code: "internal", message: "The server failed while it answered." });
  const { user } = open("/flows", { "GET me": () => (isDown ? refusal : createMe("admin")) });
  expect(await screen.findByText("Millrace cannot be opened")).toBeVisible();
  isDown = false;
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Flows" })).toBeVisible();
});

test("a person who was removed from the workspace is told so on the open page, which stays", async () => {
  const me = createMe("editor");
  const other = { id: "w2", name: "Harbour", role: "viewer" as const };
  let answer: unknown = me;
  open("/flows", { "GET me": () => answer });
  await screen.findByRole("link", { name: "Night desk" });
  answer = { ...me, workspace: other, workspaces: [other] };
  reportSignedOut();
  expect(await screen.findByText("You are no longer a member of Tidewell.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Night desk" })).toBeVisible();
  expect(screen.queryByText("You are signed out.")).toBeNull();
});

test("a person of no workspace can sign out", async () => {
  const refusal = createRefusal(403, {
    code: "no_workspace",
    message: "You are not a member of any workspace.",
  });
  open("/flows", { "GET me": refusal, "POST sign-out": undefined });
  expect(await screen.findByRole("heading", { name: "You are in no workspace" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Sign out" })).toBeVisible();
});
