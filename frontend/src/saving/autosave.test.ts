import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Analysis, Graph } from "../api/types";
import { emptyGraph } from "../graph/document";
import type { FlowDraft } from "./local-draft";
import { Autosave, type SaveAnswer, type SavePorts } from "./autosave";
import { type SaveStatus } from "../graph/store";

const analysis: Analysis = {
  runnable: true,
  problems: [],
  variables: [],
  scope: {},
  streaming: { streams: false, text: "", node: null },
  simulators: [],
};

const ok = (revision: number): SaveAnswer => ({ kind: "saved", revision, analysis });
const down: SaveAnswer = { kind: "refused", reason: "The server cannot be reached.", retry: true };

function graphNamed(id: string): Graph {
  return { ...emptyGraph, notes: [{ id, text: id, position: { x: 0, y: 0 }, width: 1, height: 1 }] };
}

/** A server with scripted answers, and a page that records what it is told. */
function setUp(answers: SaveAnswer[]) {
  const first = graphNamed("first");
  const page = {
    graph: first,
    statuses: [] as SaveStatus[],
    sent: [] as [number, Graph][],
    drafts: [] as FlowDraft[],
  };
  const ports = {
    putGraph: vi.fn((revision: number, graph: Graph) => {
      page.sent.push([revision, graph]);
      return Promise.resolve(answers.shift() ?? down);
    }),
    getGraph: () => page.graph,
    report: (status: SaveStatus) => void page.statuses.push(status),
    keepDraft: vi.fn((draft: FlowDraft) => {
      page.drafts = [draft];
      return true;
    }),
    dropDraft: vi.fn(() => void (page.drafts = [])),
  } satisfies SavePorts;
  const autosave = new Autosave(ports, 1, first);
  const change = (graph: Graph): void => {
    page.graph = graph;
    autosave.update();
  };
  return { autosave, page, ports, change, first, kinds: () => page.statuses.map((status) => status.kind) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("autosave", () => {
  it("saves once after a pause, with the newest graph", async () => {
    const { page, change, kinds } = setUp([ok(2)]);
    change(graphNamed("a"));
    await vi.advanceTimersByTimeAsync(300);
    change(graphNamed("b"));
    await vi.advanceTimersByTimeAsync(599);
    expect(page.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(page.sent).toEqual([[1, page.graph]]);
    expect(kinds().at(-1)).toBe("saved");
  });

  it("sends an edit made during a save after it, on the new revision", async () => {
    const { autosave, page, change, kinds } = setUp([ok(2), ok(3)]);
    change(graphNamed("a"));
    const done = autosave.flush();
    change(graphNamed("b"));
    expect(await done).toBe(true);
    expect(page.sent.map(([revision]) => revision)).toEqual([1, 2]);
    expect(kinds().at(-1)).toBe("saved");
  });

  it("says not saved, keeps the graph here and tries again", async () => {
    const { page, ports, change, kinds } = setUp([down, down, ok(2)]);
    change(graphNamed("a"));
    await vi.advanceTimersByTimeAsync(600);
    expect(page.statuses.at(-1)).toEqual({
      kind: "unsaved",
      reason: "The server cannot be reached.",
      isKept: true,
    });
    expect(ports.keepDraft).toHaveBeenCalledWith({ revision: 1, graph: page.graph, unanswered: page.graph });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(kinds().at(-1)).toBe("unsaved");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(kinds().at(-1)).toBe("saved");
    expect(ports.dropDraft).toHaveBeenCalled();
  });

  it("stops at a conflict until the builder decides", async () => {
    const { autosave, page, change } = setUp([{ kind: "conflict", revision: 7 }, ok(8)]);
    change(graphNamed("a"));
    await vi.advanceTimersByTimeAsync(600);
    expect(page.statuses.at(-1)).toEqual({ kind: "conflict", revision: 7, isKept: true });
    change(graphNamed("b"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.sent).toHaveLength(1);
    expect(await autosave.overwrite(7)).toBe(true);
    expect(page.sent[1]).toEqual([7, page.graph]);
  });

  it("does not ask again by itself when the graph itself was refused", async () => {
    const { page, change } = setUp([{ kind: "refused", reason: "An id is too long.", retry: false }]);
    change(graphNamed("a"));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(page.sent).toHaveLength(1);
  });

  it("is saved again when undo comes back to what the server has", async () => {
    const { page, change, first, kinds } = setUp([]);
    change(graphNamed("a"));
    change(first);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(page.sent).toEqual([]);
    expect(kinds().at(-1)).toBe("saved");
  });

  it("sends a save whose answer was lost again, before any newer graph", async () => {
    const { page, change, kinds } = setUp([down, ok(2), ok(3)]);
    const [lost, newer] = [graphNamed("lost"), graphNamed("newer")];
    change(lost);
    await vi.advanceTimersByTimeAsync(600);
    change(newer);
    await vi.advanceTimersByTimeAsync(600);
    expect(page.sent).toEqual([[1, lost], [1, lost], [2, newer]]); // prettier-ignore
    expect(kinds().at(-1)).toBe("saved");
  });

  it("sends a lost save again also when undo has come back to the graph before it", async () => {
    const { page, change, first } = setUp([down, ok(2), ok(3)]);
    change(graphNamed("lost"));
    await vi.advanceTimersByTimeAsync(600);
    change(first);
    await vi.advanceTimersByTimeAsync(600);
    expect(page.sent.map(([revision]) => revision)).toEqual([1, 1, 2]);
    expect(page.sent.at(-1)?.[1]).toBe(first);
  });
});

describe("a draft meets a saved flow", () => {
  const draft = (revision: number, unanswered: Graph | null = null) => ({
    ...{ revision, unanswered },
    graph: graphNamed("kept"),
  });
  const open = (kept: FlowDraft, answers: SaveAnswer[]) => {
    const parts = setUp(answers);
    parts.page.drafts = [kept];
    parts.page.graph = kept.graph;
    parts.autosave.resume(kept);
    return parts;
  };
  const conflict: SaveAnswer = { kind: "conflict", revision: 1 };

  it("saves a draft of the stored revision, and drops it", async () => {
    const kept = draft(1);
    const { page, kinds } = open(kept, [ok(2)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(page.sent).toEqual([[1, kept.graph]]);
    expect(kinds().at(-1)).toBe("saved");
    expect(page.drafts).toEqual([]);
  });

  it("lets the server judge a draft of an older revision, and keeps it on that revision", async () => {
    const { page, change } = open(draft(0), [conflict]);
    await vi.advanceTimersByTimeAsync(0);
    expect(page.sent[0]?.[0]).toBe(0);
    expect(page.statuses.at(-1)).toEqual({ kind: "conflict", revision: 1, isKept: true });
    change(graphNamed("edited"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.sent).toHaveLength(1);
    expect(page.drafts).toEqual([{ revision: 0, graph: page.graph, unanswered: null }]);
  });

  it("first sends what the page before it had sent without an answer", async () => {
    const lost = graphNamed("lost");
    const { page } = open(draft(1, lost), [ok(2), ok(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(page.sent).toEqual([[1, lost], [2, page.graph]]); // prettier-ignore
  });

  it("adopts theirs: nothing is sent, nothing is kept, and the next edit is based on them", async () => {
    const { autosave, page, change, kinds } = open(draft(0), [conflict, ok(2)]);
    await vi.advanceTimersByTimeAsync(0);
    const theirs = graphNamed("theirs");
    autosave.adopt({ revision: 1, graph: theirs });
    change(theirs);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.sent).toHaveLength(1);
    expect(page.drafts).toEqual([]);
    expect(kinds().at(-1)).toBe("saved");
    autosave.close();
    expect(page.drafts).toEqual([]);
    autosave.begin();
    change(graphNamed("after"));
    await vi.advanceTimersByTimeAsync(600);
    expect(page.sent.at(-1)).toEqual([1, page.graph]);
  });

  it("keeps what is saved over theirs on the revision that the person has seen", async () => {
    const { autosave, page, kinds } = open(draft(0), [conflict, { kind: "conflict", revision: 4 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(await autosave.overwrite(1)).toBe(false);
    expect(page.sent.at(-1)?.[0]).toBe(1);
    expect(kinds().at(-1)).toBe("conflict");
  });

  it("drops the draft when undo has taken back everything of this page", async () => {
    const { page, change, first } = setUp([conflict]);
    change(graphNamed("a"));
    await vi.advanceTimersByTimeAsync(600);
    expect(page.drafts).toHaveLength(1);
    change(first);
    expect(page.drafts).toEqual([]);
  });

  it("says that the browser cannot keep it", async () => {
    const { page, ports, change } = setUp([conflict]);
    ports.keepDraft.mockReturnValue(false);
    change(graphNamed("a"));
    await vi.advanceTimersByTimeAsync(600);
    expect(page.statuses.at(-1)).toEqual({ kind: "conflict", revision: 1, isKept: false });
  });
});

describe("a page that closes", () => {
  it("saves what is left when the page closes, and reports nothing after", async () => {
    const { autosave, page, change, ports } = setUp([ok(2)]);
    change(graphNamed("a"));
    const told = page.statuses.length;
    autosave.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(page.sent).toHaveLength(1);
    expect(ports.keepDraft).toHaveBeenCalledTimes(1);
    expect(ports.dropDraft).toHaveBeenCalledTimes(1);
    expect(page.statuses).toHaveLength(told);
  });
});
