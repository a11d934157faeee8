import { describe, expect, it } from "vitest";
import { createItemEvent } from "../testing/run-events";
import { countMessages, computePace, computeTokenPace, emptyFigures, estimateTokenPace } from "./figures";
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
  });

  it("tell the tokens per second of the answers that ended, and an estimate before that", () => {
    const counts = {
      ...{ node: "stream", message_id: "m", model: "m", input_tokens: 3, cache_read_input_tokens: 0 },
      ...{ cache_creation_input_tokens: 0, ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      ...{ web_search_requests: 0 },
    };
    const begun = countMessages(emptyFigures, [
      { ...counts, seq: 1, ms: 400, type: "answer.started", output_tokens: 1 },
    ]);
    expect(computeTokenPace(Object.values(begun.answers))).toBeNull();
    const ended = countMessages(begun, [
      {
        ...{ ...counts, seq: 2, ms: 2_400, type: "usage", output_tokens: 116 },
        ...{ stop_reason: "end_turn", first_message_ms: 400 },
      },
    ]);
    expect(computeTokenPace(Object.values(ended.answers))).toBe(58);
    expect(estimateTokenPace(10, 2, "sixteen letters.")).toBe(20);
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
