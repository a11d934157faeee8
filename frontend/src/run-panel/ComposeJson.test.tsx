import { screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { renderPart } from "../testing/render";
import { Compose } from "./Compose";

function open(input: { [name: string]: string } = { order: "A-17" }) {
  const send = vi.fn();
  const { user } = renderPart(<Compose flow="f1" ask={{ kind: "json", input, send }} sessionChip={null} />);
  return { user, send, body: screen.getByRole("textbox", { name: "Send as the client would" }) };
}

test("a body begins as the test data and is sent as it is typed", async () => {
  const { user, send, body } = open();
  expect(body).toHaveValue('{\n  "order": "A-17"\n}');
  await user.clear(body);
  await user.type(body, '{{"order": "B-2"}');
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(send).toHaveBeenCalledWith({ order: "B-2" });
  await user.click(screen.getByRole("button", { name: "Back to the test data" }));
  expect(body).toHaveValue('{\n  "order": "A-17"\n}');
});

test("Ctrl and Enter send it, and Enter alone writes a line", async () => {
  const { user, send, body } = open({});
  await user.clear(body);
  await user.type(body, "{{}{Enter}");
  expect(send).not.toHaveBeenCalled();
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(send).toHaveBeenCalledWith({});
});

test.each([
  ["{{", "This is not JSON"],
  ["3", "The body is an object, as in"],
])("a body that is none (%s) is told and not sent", async (typed, said) => {
  const { user, send, body } = open({});
  await user.clear(body);
  await user.type(body, typed);
  expect(body).toBeValid();
  expect(screen.getByRole("button", { name: "Send" })).toHaveAccessibleDescription(new RegExp(said));
  await user.keyboard("{Control>}{Enter}{/Control}");
  expect(screen.getByText(said, { exact: false })).toBeVisible();
  expect(body).toBeInvalid();
  expect(send).not.toHaveBeenCalled();
});
