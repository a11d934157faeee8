import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { createFlowRow } from "../../testing/data";
import { createMe, openApp } from "../../testing/render";
import { createRefusal, serveAnswers } from "../../testing/server";

const nobody = () => createRefusal(401, { code: "not_signed_in", message: "You are not signed in." });

test("who is not signed in is led to the sign-in page, and back to the page that was asked for", async () => {
  let me: unknown = nobody();
  const answers = {
    "GET me": () => me,
    "POST sign-in": () => (me = createMe("admin")),
    "GET flows": { flows: [] },
    "GET api-keys": { api_keys: [] },
  };
  const asked = serveAnswers(answers);
  const { user, router } = openApp("/api-keys");
  await user.type(await screen.findByLabelText("User name"), "ines");
  await user.type(screen.getByLabelText("Password"), "secret{Enter}");
  await screen.findByRole("heading", { name: "API keys" });
  expect(router.state.location.pathname).toBe("/api-keys");
  expect(asked).toContainEqual({ call: "POST sign-in", body: { username: "ines", password: "secret" } });
});

test("wrong credentials are told, and what was typed stays", async () => {
  serveAnswers({
    "GET me": nobody,
    "POST sign-in": createRefusal(401, {
      code: "wrong_credentials",
      message: "The user name or the password is wrong.",
    }),
  });
  const { user } = openApp("/sign-in");
  await user.type(await screen.findByLabelText("User name"), "ines");
  await user.type(screen.getByLabelText("Password"), "x");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The user name or the password is wrong.");
  expect(screen.getByLabelText("User name")).toHaveValue("ines");
});

test("a session that ends while a page is open asks for it there, and the page stays", async () => {
  let signedIn = true;
  const flows = () => (signedIn ? { flows: [createFlowRow()] } : nobody());
  serveAnswers({
    "GET me": () => (signedIn ? createMe("admin") : nobody()),
    "GET flows": flows,
    "DELETE flows/f1": nobody,
    "POST sign-in": () => {
      signedIn = true;
      return createMe("admin");
    },
  });
  const { user, router } = openApp("/flows");
  await user.click(await screen.findByRole("button", { name: "More for Night desk" }));
  await user.click(screen.getByRole("menuitem", { name: "Delete" }));
  signedIn = false;
  await user.click(screen.getByRole("button", { name: "Delete flow" }));
  await user.type(await screen.findByLabelText("User name"), "ines");
  await user.type(screen.getByLabelText("Password"), "secret{Enter}");
  await waitFor(() => expect(screen.queryByLabelText("Password")).toBeNull());
  expect(router.state.location.pathname).toBe("/flows");
  expect(screen.getByRole("button", { name: "Delete flow" })).toBeVisible();
  expect(screen.queryByText("You are signed out.")).toBeNull();
});

const codeRequired = () =>
  createRefusal(401, { code: "second_factor_required", message: "Give the code of your second factor." });
const wrongCode = () =>
  createRefusal(422, { code: "wrong_code", message: "This code is wrong.", field: "code" });

test("who has a second factor is asked for its code, and signs in with it", async () => {
  let me: unknown = nobody();
  const asked = serveAnswers({
    "GET me": () => me,
    "GET flows": { flows: [] },
    "POST sign-in": codeRequired,
    "POST sign-in/second-factor": (body: unknown) =>
      (body as { code: string }).code === "123456" ? (me = createMe("admin")) : wrongCode(),
  });
  const { user } = openApp("/sign-in");
  await user.type(await screen.findByLabelText("User name"), "ines");
  await user.type(screen.getByLabelText("Password"), "secret{Enter}");
  await user.type(await screen.findByLabelText("Code"), "000000{Enter}");
  expect(await screen.findByText("This code is wrong.")).toBeVisible();
  await user.clear(screen.getByLabelText("Code"));
  await user.type(screen.getByLabelText("Code"), "123456{Enter}");
  expect(await screen.findByRole("heading", { name: "Flows" })).toBeVisible();
  expect(asked).toContainEqual({ call: "POST sign-in/second-factor", body: { code: "123456" } });
});

test("a sign-in that waits for a code is ended to begin anew", async () => {
  let needs_code = true;
  serveAnswers({
    "GET me": nobody,
    "GET sign-in": () => ({ provider: "Keyhouse", needs_code }),
    "POST sign-out": () => {
      needs_code = false;
    },
  });
  const { user } = openApp("/sign-in");
  expect(await screen.findByLabelText("Code")).toHaveFocus();
  expect(screen.queryByRole("button", { name: "Sign in with Keyhouse" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Use another account" }));
  expect(await screen.findByLabelText("User name")).toBeVisible();
  expect(await screen.findByRole("button", { name: "Sign in with Keyhouse" })).toBeVisible();
});

test("a provider that does not answer is told at its button", async () => {
  const asked = serveAnswers({
    "GET me": nobody,
    "GET sign-in": { provider: "Keyhouse", needs_code: false },
    "POST sign-in/provider": createRefusal(502, {
      code: "provider_unreachable",
      message: "Keyhouse does not answer, or not as it should.",
      hint: "Try again in a moment.",
    }),
  });
  const { user } = openApp("/sign-in?next=%2Fusage");
  await user.click(await screen.findByRole("button", { name: "Sign in with Keyhouse" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/does not answer.*Try again/);
  expect(asked).toContainEqual({ call: "POST sign-in/provider", body: { next: "/usage" } });
});
