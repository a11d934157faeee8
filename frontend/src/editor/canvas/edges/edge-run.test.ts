import { describe, expect, it } from "vitest";
import { fold, emptyRunState } from "../../../run/fold";
import { createItemEvent } from "../../../testing/run-events";
import { getEdgeRun } from "./edge-run";

describe("an edge in a run", () => {
  const started = (...nodes: string[]) =>
    fold(
      emptyRunState,
      nodes.map((node, index) => ({ seq: index + 1, ms: index, type: "node.started" as const, node })),
    );
  const way = { source: "a", target: "c", repeatedBy: null, otherSources: [] as string[] };

  it.each([
    ["not reached", started("a"), way, "idle"],
    ["travelled", started("a", "c"), way, "travelled"],
    ["where another path was taken", started("a", "b", "c"), { ...way, otherSources: ["b"] }, "idle"],
    ["where this path was taken", started("b", "a", "c"), { ...way, otherSources: ["b"] }, "travelled"],
  ])("%s", (_, run, edge, word) => expect(getEdgeRun(run, edge)).toBe(word));

  it("is active while messages pass, and failed where its target failed", () => {
    const passing = fold(started("stream", "a", "c"), [createItemEvent(9, 9, "x")]);
    expect(getEdgeRun(passing, { ...way, repeatedBy: "stream" })).toBe("active");
    const failed = {
      type: "node.failed" as const,
      node: "c",
      code: "x",
      message: "",
      hint: null,
      duration_ms: 1,
    };
    expect(getEdgeRun(fold(passing, [{ seq: 10, ms: 10, ...failed }]), way)).toBe("failed");
  });
});
