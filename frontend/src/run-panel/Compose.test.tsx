import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderPart } from "../testing/render";
import { Compose } from "./Compose";

function open(isStarted: boolean) {
  const send = vi.fn(() => Promise.resolve(isStarted));
  const ask = { kind: "prompt" as const, hasSessions: false, send };
  return { send, ...renderPart(<Compose flow="f1" ask={ask} sessionChip={null} />) };
}

const getField = () => screen.getByRole("textbox", { name: "Ask as the client would" });

test("a question that was taken leaves the field", async () => {
  const { user, send } = open(true);
  await user.type(getField(), "What is a weir?{Enter}");
  expect(send).toHaveBeenCalledWith("What is a weir?");
  expect(getField()).toHaveValue("");
});

test("a question that was not taken comes back to the field", async () => {
  const { user } = open(false);
  await user.type(getField(), "What is a weir?{Enter}");
  expect(getField()).toHaveValue("What is a weir?");
});

test("a question that is not sent yet outlives the field", async () => {
  const { user, unmount } = open(true);
  await user.type(getField(), "What is");
  unmount();
  open(true);
  expect(getField()).toHaveValue("What is");
});
