import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderPart } from "../../testing/render";
import { showDoneToast, showFailedToast, useToasts } from "./toasts";

const TOAST_MS = 6_000;

beforeEach(() => {
  useToasts.setState({ toasts: [] });
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

/** Lets the time pass, and shows what follows. */
function wait(ms: number): void {
  act(() => {
    vi.advanceTimersByTime(ms);
  });
}

test("what was done is shown for six seconds, and what failed until it is closed", () => {
  renderPart(null);
  act(() => {
    showDoneToast("Saved");
    showFailedToast("Not run");
  });
  wait(TOAST_MS - 1);
  expect(screen.getByText("Saved")).toBeVisible();
  wait(1);
  expect(screen.queryByText("Saved")).toBeNull();
  wait(100 * TOAST_MS);
  expect(screen.getByText("Not run")).toBeVisible();
  act(() => {
    screen.getByRole("button", { name: "Close" }).click();
  });
  expect(screen.queryByText("Not run")).toBeNull();
});
