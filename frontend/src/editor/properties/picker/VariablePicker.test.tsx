import { screen } from "@testing-library/react";
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

  test("gives nothing after Escape", async () => {
    const user = openPanel([createProperty()], start);
    await user.click(screen.getByRole("button", { name: "Prompt history" }));
    await user.keyboard("req{Escape}{Escape}");
    expect(listEdits()).toEqual([]);
    expect(screen.getByRole("button", { name: "Prompt history" })).toHaveFocus();
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
