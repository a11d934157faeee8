import { act, fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { Problem } from "../../../api/types";
import { listEdits, getLastEdit, openPanel } from "../../../testing/panel";
import { createProperty } from "../../../testing/property";

// The code editor has its own tests. Here its code cannot be loaded, so the plain field takes its place.
vi.mock("../code/CodeEditor", () => Promise.reject(new Error("No network.")));

const problem: Problem = {
  ...{ node: "n", edge: null, property: "prompt", code: "required", severity: "error" },
  ...{ message: "Prompt is required.", hint: null, column: null },
};

describe("a literal", () => {
  test("is given as it is typed, and unset when it is emptied", async () => {
    const user = openPanel([createProperty()]);
    await user.type(screen.getByLabelText("Prompt"), "Hi");
    expect(getLastEdit()).toEqual(["prompt", "Hi"]);
    await user.clear(screen.getByLabelText("Prompt"));
    expect(getLastEdit()).toEqual(["prompt", undefined]);
  });

  test("goes to the variable by = while it is empty, and only then", async () => {
    const user = openPanel([createProperty()]);
    await user.type(screen.getByLabelText("Prompt"), "a=b");
    expect(getLastEdit()).toEqual(["prompt", "a=b"]);
    await user.clear(screen.getByLabelText("Prompt"));
    await user.keyboard("=");
    expect(screen.getByRole("combobox", { name: "Prompt" })).toHaveFocus();
    expect(screen.getByRole("listbox")).toBeVisible();
  });

  test("takes the grey variable by Tab, and its field has the focus before another key is pressed", () => {
    openPanel([createProperty({ suggests: ["chat_completion_request.prompt"] })]);
    const field = screen.getByLabelText("Prompt");
    act(() => field.focus());
    fireEvent.keyDown(field, { key: "Tab" });
    expect(getLastEdit()).toEqual(["prompt", { expression: "request.prompt" }]);
    expect(field).not.toBeInTheDocument();
    expect(screen.getByLabelText(/^Prompt/)).toHaveFocus();
  });

  test("takes = as a letter where the property takes no variable", async () => {
    const user = openPanel([createProperty({ modes: ["literal"] })]);
    await user.type(screen.getByLabelText("Prompt"), "=1");
    expect(getLastEdit()).toEqual(["prompt", "=1"]);
  });

  test.each(["line", "template"] as const)("goes to the template by {{ (%s)", async (widget) => {
    const user = openPanel([createProperty({ widget })]);
    await user.type(screen.getByLabelText("Prompt"), "Dear {{{{");
    expect(getLastEdit()).toEqual(["prompt", "Dear {{"]);
    expect(screen.getByRole("radio", { name: "Template" })).toBeChecked();
    expect(screen.getByLabelText("Prompt")).toHaveFocus();
  });
});

describe("the mode", () => {
  test("is a switch of the modes that the property takes, above texts", () => {
    openPanel([createProperty({ widget: "text", modes: ["literal", "template"] })]);
    expect(screen.getAllByRole("radio").map((radio) => radio.ariaLabel)).toEqual(["Literal", "Template"]);
  });

  test("is not shown where there is one", () => {
    openPanel([
      createProperty({ modes: ["literal"] }),
      createProperty({ name: "b", widget: "text", modes: ["literal"] }),
    ]);
    expect(screen.queryByRole("radio")).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Value of/ })).not.toBeInTheDocument();
  });

  test("keeps what was given in each, and changes nothing until a value is given", async () => {
    const user = openPanel([createProperty({ widget: "text" })], { prompt: "Hello" });
    await user.click(screen.getByRole("radio", { name: "Variable" }));
    expect(listEdits()).toEqual([]);
    expect(screen.getByText("Nothing is changed until a value is given here.")).toBeVisible();
    await user.type(screen.getByRole("combobox", { name: "Prompt" }), "history{Enter}");
    expect(getLastEdit()).toEqual(["prompt", { expression: "history" }]);
    await user.click(screen.getByRole("radio", { name: "Literal" }));
    expect(getLastEdit()).toEqual(["prompt", "Hello"]);
    await user.click(screen.getByRole("radio", { name: "Variable" }));
    expect(getLastEdit()).toEqual(["prompt", { expression: "history" }]);
  });

  test("chosen from the menu of a one-line field goes on in the field", async () => {
    const user = openPanel([createProperty()]);
    await user.click(screen.getByRole("button", { name: "Value of Prompt is: Literal" }));
    await user.click(screen.getByRole("menuitemradio", { name: /Variable/ }));
    expect(screen.getByRole("combobox", { name: "Prompt" })).toHaveFocus();
  });
});

describe("what the server says", () => {
  test("stands at its field, which is invalid when it will not run", () => {
    openPanel([createProperty()], {}, { problems: [problem] });
    expect(screen.getByLabelText("Prompt")).toBeInvalid();
    expect(screen.getByLabelText("Prompt")).toHaveAccessibleDescription(/Prompt is required\./);
  });

  test("is calm about what a new node lacks", () => {
    openPanel([createProperty({ type: "connection" })], {}, { todos: [problem] });
    expect(screen.getByLabelText("Prompt")).toBeValid();
    expect(screen.getByLabelText("Prompt")).toHaveAccessibleDescription(/Needs a connection\./);
  });

  test("stands at its field in amber when it will run", () => {
    const hint = "Use Effort.";
    openPanel(
      [createProperty()],
      {},
      { problems: [{ ...problem, severity: "warning", message: "It is not sent.", hint }] },
    );
    expect(screen.getByLabelText("Prompt")).toBeValid();
    expect(screen.getByLabelText("Prompt")).toHaveAccessibleDescription(/It is not sent\. Use Effort\./);
  });

  test.each([null, "unheard_of"])("of no property of the form (%s) stands at the top", (name) => {
    openPanel(
      [createProperty()],
      {},
      { problems: [{ ...problem, property: name, message: "No path leads here." }] },
    );
    const said = screen.getByText("No path leads here.");
    expect(said.compareDocumentPosition(screen.getByLabelText("Prompt"))).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    );
  });

  test("about an unknown variable offers the nearest one", async () => {
    const unknown = {
      code: "unknown_variable",
      message: "No variable 'histori'.",
      hint: "Nearest: history.",
    };
    const user = openPanel(
      [createProperty()],
      { prompt: { expression: "histori[0]" } },
      { problems: [{ ...problem, ...unknown }] },
    );
    await user.click(screen.getByRole("button", { name: "history" }));
    expect(getLastEdit()).toEqual(["prompt", { expression: "history[0]" }]);
  });

  test("opens what is folded", () => {
    openPanel([createProperty({ advanced: true })], {}, { problems: [problem] });
    expect(screen.getByLabelText("Prompt")).toBeVisible();
  });
});

test("a value that undo brings back shows at once", async () => {
  const user = openPanel([createProperty()], { prompt: "Hello" });
  await user.type(screen.getByLabelText("Prompt"), " you");
  await user.click(screen.getByRole("button", { name: "Undo all" }));
  expect(screen.getByLabelText("Prompt")).toHaveValue("Hello");
});

test("a panel that is only read changes nothing", async () => {
  const user = openPanel(
    [createProperty(), createProperty({ name: "b", title: "B" })],
    { b: { expression: "history" } },
    { readOnly: true },
  );
  await user.type(screen.getByLabelText("Prompt"), "x=");
  screen.getByRole("button", { name: "B history" }).focus();
  await user.keyboard("{Delete}{Enter}x");
  expect(listEdits()).toEqual([]);
});

test("a large editor shows the same text, and gives the focus back when it closes", async () => {
  const user = openPanel([createProperty({ widget: "text" })], { prompt: "Hello" });
  const button = screen.getByRole("button", { name: "Open Prompt in a larger editor" });
  await user.click(button);
  await user.type(within(screen.getByRole("dialog")).getByLabelText("Prompt"), " you");
  expect(getLastEdit()).toEqual(["prompt", "Hello you"]);
  await user.keyboard("{Escape}");
  expect(button).toHaveFocus();
});
