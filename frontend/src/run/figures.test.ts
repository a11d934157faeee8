import { describe, expect, it } from "vitest";
import { createItemEvent } from "../testing/run-events";
import { countMessages, computeMeanPace, emptyFigures, computePace } from "./figures";
import { formatElapsed, formatPace } from "./format";

describe("figures", () => {
  it("count the messages of each stream and keep the newest", () => {
    const figures = countMessages(
      countMessages(emptyFigures, [createItemEvent(1, 10, "a"), createItemEvent(2, 260, "b")]),
      [createItemEvent(3, 270, "c")],
    );
    expect(figures.items).toEqual([1, 2]);
    expect(figures.nodes.stream).toEqual({ steps: [1, 2], lastMessage: "c" });
  });

  it("keep their identity when no message came", () => {
    expect(countMessages(emptyFigures, [{ seq: 1, ms: 0, type: "node.started", node: "a" }])).toBe(
      emptyFigures,
    );
  });

  it("tell the pace of the last second, without the step that still fills", () => {
    expect(computePace([5, 5, 5, 5, 5, 1], 1_300)).toBe(20);
    expect(computePace([3], 100)).toBe(0);
    expect(computeMeanPace(11, 1_000, 2_000)).toBe(11);
    expect(computeMeanPace(1, 1_000, 2_000)).toBeNull();
  });

  it.each([
    [58.4, "58"],
    [2.25, "2.3"],
    [0, "0"],
  ])("write %d as %s", (value, words) => expect(formatPace(value)).toBe(words));

  it.each([
    [340, "0.3 s"],
    [3_499, "3.4 s"],
    [72_000, "1 min 12 s"],
  ])("write %d ms as %s", (ms, words) => expect(formatElapsed(ms)).toBe(words));
});
