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
