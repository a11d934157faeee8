import { beforeEach, describe, expect, it } from "vitest";
import { emptyRunState } from "./fold";
import {
  addTurn,
  conversationStore,
  createSessionId,
  keepRecord,
  mergeTurns,
  openConversation,
  resetConversation,
} from "./conversation";

const record = { state: { ...emptyRunState, text: "Yes." }, values: [], deletedAfterDays: null };
const stored = (run: string) => ({ run, input: null, record: null });
const listRuns = () => conversationStore.getState().turns.map(({ run }) => run);

beforeEach(() => {
  resetConversation();
  openConversation("s");
});

describe("a conversation", () => {
  it("takes the runs whose input names its session, each once", () => {
    addTurn("one", { prompt: "?", session_id: "s" });
    addTurn("one", { prompt: "?", session_id: "s" });
    addTurn("other", { prompt: "?", session_id: "t" });
    addTurn("none", { prompt: "?" });
    expect(listRuns()).toEqual(["one"]);
  });

  it("keeps its turns when its own session is opened again, and begins anew with another", () => {
    addTurn("one", { session_id: "s" });
    openConversation("s");
    expect(listRuns()).toEqual(["one"]);
    openConversation("t");
    expect(listRuns()).toEqual([]);
  });

  it("puts what the server knows before what has just started, and keeps what was read", () => {
    addTurn("two", { session_id: "s" });
    keepRecord("two", record);
    addTurn("three", { session_id: "s" });
    mergeTurns("s", [stored("one"), stored("two")]);
    expect(listRuns()).toEqual(["one", "two", "three"]);
    expect(conversationStore.getState().turns[1]?.record).toEqual(record);
  });

  it("keeps the oldest turns when the server sends only the newest", () => {
    mergeTurns("s", [stored("one"), stored("two")]);
    mergeTurns("s", [stored("two"), stored("three")]);
    expect(listRuns()).toEqual(["one", "two", "three"]);
  });

  it("leaves out an answer of the server for a session that is not shown any more", () => {
    openConversation("t");
    mergeTurns("s", [stored("one")]);
    expect(listRuns()).toEqual([]);
  });
});

it("session ids are short and differ", () => {
  const ids = Array.from({ length: 50 }, createSessionId);
  expect(new Set(ids).size).toBe(50);
  expect(ids.every((id) => /^[0-9a-f]{12}$/.test(id))).toBe(true);
});
