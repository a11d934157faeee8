import { describe, expect, it } from "vitest";
import type { RunEvent } from "../api/types";
import { edgeRun } from "../editor/canvas/edges/edge-run";
import { count, meanPace, noFigures, paceAt } from "./figures";
import { fold, noRun } from "./fold";
import { elapsed, pace } from "./format";
import { sentencesOf } from "../run-panel/SpokenAnswer";

let seq = 0;
const item = (ms: number, text: string): RunEvent => {
  seq += 1;
  return { seq, ms, type: "item", index: seq, node: "yield", source: "stream", message: seq, text };
};

describe("figures", () => {
  it("count the messages of each stream and keep the newest", () => {
    const figures = count(count(noFigures, [item(10, "a"), item(260, "b")]), [item(270, "c")]);
    expect(figures.items).toEqual([1, 2]);
    expect(figures.nodes.stream).toEqual({ steps: [1, 2], lastMessage: "c" });
  });

  it("keep their identity when no message came", () => {
    expect(count(noFigures, [{ seq: 1, ms: 0, type: "node.started", node: "a" }])).toBe(noFigures);
  });

  it("tell the pace of the last second, without the step that still fills", () => {
    expect(paceAt([5, 5, 5, 5, 5, 1], 1_300)).toBe(20);
    expect(paceAt([3], 100)).toBe(0);
    expect(meanPace(11, 1_000, 2_000)).toBe(11);
    expect(meanPace(1, 1_000, 2_000)).toBeNull();
  });

  it.each([
    [58.4, "58"],
    [2.25, "2.3"],
    [0, "0"],
  ])("write %d as %s", (value, words) => expect(pace(value)).toBe(words));

  it.each([
    [340, "0.3 s"],
    [3_499, "3.4 s"],
    [72_000, "1 min 12 s"],
  ])("write %d ms as %s", (ms, words) => expect(elapsed(ms)).toBe(words));
});

describe("an edge in a run", () => {
  const started = (...nodes: string[]) =>
    fold(
      noRun,
      nodes.map((node, index) => ({ seq: index + 1, ms: index, type: "node.started" as const, node })),
    );
  const way = { source: "a", target: "c", repeatedBy: null, rivals: [] as string[] };

  it.each([
    ["not reached", started("a"), way, "idle"],
    ["travelled", started("a", "c"), way, "travelled"],
    ["where another path was taken", started("a", "b", "c"), { ...way, rivals: ["b"] }, "idle"],
    ["where this path was taken", started("b", "a", "c"), { ...way, rivals: ["b"] }, "travelled"],
  ])("%s", (_, run, edge, word) => expect(edgeRun(run, edge)).toBe(word));

  it("is active while messages pass, and failed where its target failed", () => {
    const passing = fold(started("stream", "a", "c"), [{ ...item(9, "x"), seq: 9 }]);
    expect(edgeRun(passing, { ...way, repeatedBy: "stream" })).toBe("active");
    const failed = {
      type: "node.failed" as const,
      node: "c",
      code: "x",
      message: "",
      hint: null,
      duration_ms: 1,
    };
    expect(edgeRun(fold(passing, [{ seq: 10, ms: 10, ...failed }]), way)).toBe("failed");
  });
});

describe("the spoken answer", () => {
  it("grows by whole sentences, each with an identity that stays", () => {
    const before = sentencesOf("One. Two is lon", true);
    expect(before.map(({ words }) => words)).toEqual(["One."]);
    const after = sentencesOf("One. Two is longer. ", true);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.words).toBe("Two is longer.");
  });

  it("ends with what has no full stop", () => {
    expect(sentencesOf("One. And more", false).map(({ words }) => words)).toEqual(["One.", "And more"]);
  });

  it("keeps the identity of a sentence when the beginning of a long text goes", () => {
    const long = "A sentence of thirty characters. ".repeat(60);
    const ids = new Set(sentencesOf(long, true).map(({ at }) => at));
    const later = sentencesOf(`${long}One more. `, true);
    expect(later.slice(0, -1).every(({ at }) => ids.has(at))).toBe(true);
  });
});
