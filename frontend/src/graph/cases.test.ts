import { describe, expect, it } from "vitest";
import { createGraph, createNode, step } from "../testing/flow";
import { getAction } from "./action-index";
import { moveCaseEdges } from "./commands/cases";

const three = createGraph(
  [
    createNode("switch", step),
    createNode("a", step),
    createNode("b", step),
    createNode("c", step),
    createNode("d", step),
  ],
  "switch:case_1>a",
  "switch:case_2>b",
  "switch:case_3>c",
  "switch:default>d",
  "a:case_2>d",
);

describe("the edges of cases", () => {
  it.each<[string, string[], string[]]>([
    ["stay when a text is another", ["A", "X", "C"], ["case_1>a", "case_2>b", "case_3>c", "default>d"]],
    ["go with the case that is removed", ["A", "C"], ["case_1>a", "case_2>c", "default>d"]],
    ["move up when the first is removed", ["B", "C"], ["case_1>b", "case_2>c", "default>d"]],
    ["move down past a new one", ["A", "N", "B", "C"], ["case_1>a", "case_3>b", "case_4>c", "default>d"]],
    ["stay before a new last one", ["A", "B", "C", "N"], ["case_1>a", "case_2>b", "case_3>c", "default>d"]],
    ["all go with all cases", [], ["default>d"]],
  ])("%s", (_, after, left) => {
    const { edges } = moveCaseEdges(three, { node: "switch", before: ["A", "B", "C"], after });
    const own = edges.filter((edge) => edge.source === "switch");
    expect(own.map((edge) => `${edge.source_port}>${edge.target}`)).toEqual(left);
    expect(edges).toContainEqual(three.edges.at(-1));
  });

  it("lead from ports that the card has: one for each text, before the action's own", () => {
    const action = { ...step, cases: "cases" };
    const cases = ["A", "B"];
    const described = getAction(new Map([[step.type, action]]), {
      ...createNode("switch", step),
      properties: { cases },
    });
    expect(described.branches.map(({ name, title }) => [name, title])).toEqual([
      ["case_1", "A"],
      ["case_2", "B"],
      ["continue", "Continue"],
    ]);
  });
});
