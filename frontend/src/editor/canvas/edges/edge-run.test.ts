import { describe, expect, it } from "vitest";
import { fold, noRun } from "../../../run/fold";
import { itemEvent } from "../../../testing/run-events";
import { edgeRun } from "./edge-run";

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
    const passing = fold(started("stream", "a", "c"), [itemEvent(9, 9, "x")]);
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
