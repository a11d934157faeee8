import { screen } from "@testing-library/react";
import { createRef } from "react";
import type { ActionDescription } from "../../api/types";
import { expect, test, vi } from "vitest";
import { createCatalogue, end, step, stream } from "../../testing/flow";
import { renderPart } from "../../testing/render";
import { rankAction } from "./families";
import { Palette } from "./Palette";
import { PaletteRail } from "./PaletteRail";

const catalogue = createCatalogue({ Chat: [stream], Control: [step, end] });

function open(fits: (action: ActionDescription) => boolean = () => true) {
  const onAdd = vi.fn();
  const search = createRef<HTMLInputElement>();
  const palette = (
    <Palette catalogue={catalogue} search={search} fits={fits} onFold={() => undefined} onAdd={onAdd} />
  );
  return { onAdd, ...renderPart(palette) };
}

const listTitles = () => screen.getAllByRole("option").map((option) => option.textContent);

test("lists the actions by family, and a folded family shows how many it has", async () => {
  const { user } = open();
  expect(listTitles()).toEqual(["t.stream", "t.step", "t.end"]);
  await user.click(screen.getByText("Control"));
  expect(listTitles()).toEqual(["t.stream"]);
  expect(screen.getByText("Control")).toHaveTextContent("2");
  await user.click(screen.getByText("Control"));
  expect(listTitles()).toHaveLength(3);
});

test("a search finds an action; Escape empties it, undo brings it back, and Escape in the empty field leaves it", async () => {
  const { user } = open();
  const search = screen.getByPlaceholderText("Find an action");
  await user.type(search, "stream");
  expect(listTitles()).toEqual(["t.stream"]);
  await user.type(search, "x");
  expect(screen.getByText("No action has this name.")).toBeVisible();
  await user.keyboard("{Escape}");
  expect(listTitles()).toHaveLength(3);
  expect(search).toHaveFocus();
  await user.keyboard("{Control>}z{/Control}");
  expect(search).toHaveValue("streamx");
  await user.keyboard("{Escape}{Escape}");
  expect(search).not.toHaveFocus();
  await user.type(search, "stream");
  await user.click(screen.getByRole("button", { name: "Empty the search" }));
  expect(listTitles()).toHaveLength(3);
});

test("of two actions that are found alike, the one that fits after the selected card comes first", async () => {
  const { user } = open((action) => action.type === end.type);
  await user.type(screen.getByPlaceholderText("Find an action"), "t.");
  expect(listTitles()[0]).toBe("t.end");
});

test("Enter adds nothing while nothing is sought and no arrow has chosen", async () => {
  const { user, onAdd } = open();
  await user.click(screen.getByPlaceholderText("Find an action"));
  await user.keyboard("{Enter}");
  expect(onAdd).not.toHaveBeenCalled();
  await user.keyboard("{ArrowDown}{Enter}");
  expect(onAdd).toHaveBeenCalledOnce();
});

test("nothing that takes the focus is hidden from assistive technology", () => {
  open();
  expect(document.querySelectorAll("[aria-hidden=true] button")).toHaveLength(0);
  expect(screen.getByRole("button", { name: "Control" })).toHaveAttribute("aria-expanded", "true");
});

test("Enter on the head of a family folds it", async () => {
  const { user, onAdd } = open();
  screen.getByText("Control").focus();
  await user.keyboard("{Enter}");
  expect(listTitles()).toEqual(["t.stream"]);
  await user.keyboard("{Enter}");
  expect(listTitles()).toHaveLength(3);
  expect(onAdd).not.toHaveBeenCalled();
});

test("a click and Enter add the action", async () => {
  const { user, onAdd } = open();
  await user.click(screen.getByText("t.step"));
  expect(onAdd).toHaveBeenLastCalledWith(expect.objectContaining({ type: step.type }));
  await user.type(screen.getByPlaceholderText("Find an action"), "end{Enter}");
  expect(onAdd).toHaveBeenLastCalledWith(expect.objectContaining({ type: end.type }));
});

test("the folded palette has a button for each family", async () => {
  const onUnfold = vi.fn();
  const { user } = renderPart(<PaletteRail catalogue={catalogue} onUnfold={onUnfold} />);
  await user.click(screen.getByRole("button", { name: "Show actions: Chat" }));
  expect(onUnfold).toHaveBeenCalledOnce();
});

test.each([
  ["chat completion", 1],
  ["chat", 0.95],
  ["completion", 0.9],
  ["leti", 0.8],
  ["anthro", 0.6],
  ["answer anthropic", 0.3],
  ["nothing", 0],
])("“%s” ranks a found action as %d", (typed, rank) => {
  expect(
    rankAction(typed, { ...stream, title: "Chat completion", summary: "Writes an answer." }, "Anthropic"),
  ).toBe(rank);
});
