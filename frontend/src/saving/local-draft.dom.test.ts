import { beforeEach, expect, it, vi } from "vitest";
import { emptyGraph } from "../graph/document";
import { dropDraft, keepDraft, readDraft } from "./local-draft";

const draft = { revision: 3, graph: emptyGraph, unanswered: null };

beforeEach(() => localStorage.clear());

it("gives back what a page kept, with the page", () => {
  expect(keepDraft("f", { page: "a", draft })).toBe(true);
  expect(readDraft("f")).toMatchObject({ page: "a", draft });
  expect(readDraft("g")).toBeNull();
});

it("keeps the drafts of two pages apart, and reads the newest", () => {
  vi.spyOn(Date, "now").mockReturnValueOnce(2).mockReturnValueOnce(1);
  keepDraft("f", { page: "newer", draft });
  keepDraft("f", { page: "older", draft });
  expect(readDraft("f")?.page).toBe("newer");
  dropDraft("f", "newer");
  expect(readDraft("f")?.page).toBe("older");
});

it.each(["{", "[]", "{}", JSON.stringify({ ...draft, keptAt: 1, graph: { nodes: [] } })])(
  "ignores what is not a draft: %s",
  (stored) => {
    localStorage.setItem("millrace.draft.f.a", stored);
    expect(readDraft("f")).toBeNull();
  },
);

it("says that it cannot keep a draft in a full storage", () => {
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  expect(keepDraft("f", { page: "a", draft })).toBe(false);
  full.mockRestore();
});
