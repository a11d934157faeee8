import { render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ScrollArea } from "./ScrollArea";

afterEach(() => vi.restoreAllMocks());

/** jsdom measures nothing: say how high the content is, in a part that is 0 high. */
function setContentHeight(px: number) {
  vi.spyOn(Element.prototype, "scrollHeight", "get").mockReturnValue(px);
}

it("takes the focus from its first paint on, when its content is too long", () => {
  setContentHeight(500);
  render(<ScrollArea label="The text">A long text</ScrollArea>);
  expect(screen.getByRole("group", { name: "The text" })).toHaveAttribute("tabindex", "0");
});

it("leaves the focus to what it holds", () => {
  setContentHeight(500);
  render(
    <ScrollArea label="The rows">
      <button type="button">Open</button>
    </ScrollArea>,
  );
  expect(screen.queryByRole("group")).toBeNull();
});

it("takes no focus when all of it is seen", () => {
  setContentHeight(0);
  render(<ScrollArea label="The text">A short text</ScrollArea>);
  expect(screen.queryByRole("group")).toBeNull();
});
