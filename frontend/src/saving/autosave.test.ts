import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Analysis, Graph } from "../api/types";
import { emptyGraph } from "../graph/document";
import { Autosave, type SaveAnswer, type SavePorts } from "./autosave";
import { type SaveStatus } from "../graph/store";

const analysis: Analysis = {
  runnable: true,
  problems: [],
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
  const page = { graph: first, statuses: [] as SaveStatus[], sent: [] as [number, Graph][] };
  const ports = {
    putGraph: vi.fn((revision: number, graph: Graph) => {
      page.sent.push([revision, graph]);
      return Promise.resolve(answers.shift() ?? down);
    }),
    getGraph: () => page.graph,
    report: (status: SaveStatus) => void page.statuses.push(status),
    keepDraft: vi.fn(() => true),
    dropDraft: vi.fn(),
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
    expect(ports.keepDraft).toHaveBeenCalledWith({ revision: 1, graph: page.graph });
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
    expect(page.statuses.at(-1)).toEqual({ kind: "conflict", revision: 7 });
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

  it("resumes a kept draft on its own revision, and calls a newer one a conflict", async () => {
    const same = setUp([ok(2)]);
    same.page.graph = graphNamed("kept");
    same.autosave.resume(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(same.kinds().at(-1)).toBe("saved");

    const stale = setUp([]);
    stale.page.graph = graphNamed("kept");
    stale.autosave.resume(0);
    expect(stale.page.statuses).toEqual([{ kind: "conflict", revision: 1 }]);
  });

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
