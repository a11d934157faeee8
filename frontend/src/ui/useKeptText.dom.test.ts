import { renderHook, act } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { claimKeptTexts, useKeptText } from "./useKeptText";

beforeEach(() => sessionStorage.clear());

function type(text: string): void {
  const { result, unmount } = renderHook(() => useKeptText("question.flow"));
  act(() => result.current.change(text));
  unmount();
}

function readField(): string | null {
  return renderHook(() => useKeptText("question.flow")).result.current.text;
}

it("what a person has typed is there again for the same person", () => {
  claimKeptTexts("alice");
  type("What is a weir?");
  claimKeptTexts("alice");
  expect(readField()).toBe("What is a weir?");
});

it("another person in the same tab finds nothing of it", () => {
  claimKeptTexts("alice");
  type("What is a weir?");
  claimKeptTexts("bob");
  expect(readField()).toBeNull();
  claimKeptTexts("alice");
  expect(readField()).toBeNull();
});

it("a field that was drawn anew shows what is given back to the one before it", () => {
  const before = renderHook(() => useKeptText("question.flow"));
  act(() => before.result.current.change("What is a weir?"));
  act(() => before.result.current.change(null));
  before.unmount();
  const after = renderHook(() => useKeptText("question.flow"));
  act(() => before.result.current.giveBack("What is a weir?"));
  expect(after.result.current.text).toBe("What is a weir?");
});

it("what is given back does not replace what is typed by now", () => {
  const { result } = renderHook(() => useKeptText("question.flow"));
  act(() => result.current.change("And a sluice?"));
  act(() => result.current.giveBack("What is a weir?"));
  expect(result.current.text).toBe("And a sluice?");
});

it("a text that the browser has no room for stays in its field", () => {
  const { result } = renderHook(() => useKeptText("question.flow"));
  act(() => result.current.change("What is a weir?"));
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  act(() => result.current.change("a very long text"));
  expect(result.current.text).toBe("a very long text");
  vi.restoreAllMocks();
  act(() => result.current.change("short"));
  expect(result.current.text).toBe("short");
});
