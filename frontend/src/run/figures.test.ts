import { describe, expect, it } from "vitest";
import { itemEvent } from "../testing/run-events";
import { count, meanPace, noFigures, paceAt } from "./figures";
import { elapsed, pace } from "./format";

describe("figures", () => {
  it("count the messages of each stream and keep the newest", () => {
    const figures = count(count(noFigures, [itemEvent(1, 10, "a"), itemEvent(2, 260, "b")]), [
      itemEvent(3, 270, "c"),
    ]);
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
