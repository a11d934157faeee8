import { act, screen } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { listEdits, getLastEdit, openPanel } from "../../../testing/panel";
import { createProperty } from "../../../testing/property";

describe("the variable picker", () => {
  const start = { prompt: { expression: "history" } };

  test("is walked by arrows and takes by Enter; the focus stays in the field", async () => {
    const user = openPanel([createProperty()], start);
    await user.click(screen.getByRole("button", { name: "Prompt history" }));
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
    expect(getLastEdit()).toEqual(["prompt", { expression: "request.prompt" }]);
    expect(screen.getByRole("button", { name: "Prompt request.prompt" })).toHaveFocus();
  });

  test("lists the fields under their variable with their types, by the node that provides them", async () => {
    const user = openPanel([createProperty()], start);
    await user.click(screen.getByRole("button", { name: "Prompt history" }));
    const options = screen.getAllByRole("option").map((option) => option.textContent);
    expect(options).toEqual([
      "historyList",
      "requestChat completion request",
      "request.promptTextWhat is asked.",
    ]);
    expect(screen.getByText("Get history")).toBeVisible();
  });

  test("finds while a letter is typed on the chip, and Enter takes the first", async () => {
    const user = openPanel([createProperty()], start);
    screen.getByRole("button", { name: "Prompt history" }).focus();
    await user.keyboard("pro{Enter}");
    expect(getLastEdit()).toEqual(["prompt", { expression: "request.prompt" }]);
  });

  test("takes any expression that is typed", async () => {
    const user = openPanel([createProperty()], start);
    await user.click(screen.getByRole("button", { name: "Prompt history" }));
    await user.keyboard("size(history) > 3{Enter}");
    expect(getLastEdit()).toEqual(["prompt", { expression: "size(history) > 3" }]);
  });

  test("gives the typed text when the field is left", async () => {
    const user = openPanel([createProperty()], start);
    await user.click(screen.getByRole("button", { name: "Prompt history" }));
    await user.keyboard("request.con{Tab}");
    expect(getLastEdit()).toEqual(["prompt", { expression: "request.con" }]);
  });

  test("closes its list at the first Escape, and keeps what was typed at the second", async () => {
    const user = openPanel([createProperty()], start);
    await user.click(screen.getByRole("button", { name: "Prompt history" }));
    await user.keyboard("req{Escape}");
    expect(screen.queryByRole("option")).not.toBeInTheDocument();
    expect(screen.getByRole("combobox", { name: "Prompt" })).toHaveValue("req");
    expect(listEdits()).toEqual([]);
    await user.keyboard("{Escape}");
    expect(getLastEdit()).toEqual(["prompt", { expression: "req" }]);
    expect(screen.getByRole("button", { name: "Prompt req" })).toHaveFocus();
  });

  test("gives nothing after Escape when nothing was typed", async () => {
    const user = openPanel([createProperty()], start);
    await user.click(screen.getByRole("button", { name: "Prompt history" }));
    await user.keyboard("{Escape}{Escape}");
    expect(listEdits()).toEqual([]);
    expect(screen.getByRole("button", { name: "Prompt history" })).toHaveFocus();
  });

  test("opens its list when the empty field is focused, and again by a click after Escape", async () => {
    const user = openPanel([createProperty({ modes: ["variable"] })]);
    act(() => screen.getByRole("combobox", { name: "Prompt" }).focus());
    expect(await screen.findByRole("option", { name: /request\.prompt/ })).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("option")).not.toBeInTheDocument();
    await user.click(screen.getByRole("combobox", { name: "Prompt" }));
    expect(await screen.findByRole("option", { name: /request\.prompt/ })).toBeVisible();
  });

  test("opens when its mode is pressed, and leaves the focus where an arrow key only passes it", async () => {
    const text = createProperty({ widget: "text", modes: ["literal", "variable", "template"] });
    const user = openPanel([text]);
    await user.click(screen.getByRole("radio", { name: "Literal" }));
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("radio", { name: "Variable" })).toHaveFocus();
    await user.click(screen.getByRole("radio", { name: "Literal" }));
    await user.click(screen.getByRole("radio", { name: "Variable" }));
    expect(await screen.findByRole("option", { name: /request\.prompt/ })).toBeVisible();
    expect(screen.getByRole("combobox", { name: "Prompt" })).toHaveFocus();
  });

  test("is emptied by Delete", async () => {
    const user = openPanel([createProperty()], start);
    screen.getByRole("button", { name: "Prompt history" }).focus();
    await user.keyboard("{Delete}");
    expect(getLastEdit()).toEqual(["prompt", undefined]);
  });

  test("tells the type and what the variable held, while the field has the focus", async () => {
    const user = openPanel([createProperty()], { prompt: { expression: "request.prompt" } });
    expect(screen.queryByText(/In the last run/)).not.toBeInTheDocument();
    await user.tab();
    screen.getByRole("button", { name: "Prompt request.prompt" }).focus();
    const line = await screen.findByText(/In the last run/);
    expect(line).toHaveTextContent("Text. In the last run: “My HP-9 shows E41”");
  });
});
