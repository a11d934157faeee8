import { expect, test } from "vitest";
import type { Analysis, ScopeVariable } from "../api/types";
import { findVariable, listVariables } from "./scope";

const variable = (name: string, node: string): ScopeVariable => ({
  ...{ name, node, title: node, type: "text", fields: [] },
});

const analysis: Analysis = {
  runnable: true,
  problems: [],
  variables: [variable("request", "start"), variable("reply", "one"), variable("reply", "two")],
  scope: { start: [], end: [0, 2] },
  streaming: { streams: false, text: "", node: null },
  simulators: [],
};

test("a node sees the variables of its scope alone", () => {
  expect(listVariables(analysis, "end").map(({ node }) => node)).toEqual(["start", "two"]);
  expect(listVariables(analysis, "start")).toEqual([]);
  expect(listVariables(analysis, "nowhere")).toEqual([]);
});

test("a variable is found by its name in the scope of the node", () => {
  expect(findVariable(analysis, "end", "reply")?.node).toBe("two");
  expect(findVariable(analysis, "start", "reply")).toBeUndefined();
  expect(findVariable(analysis, "end", null)).toBeUndefined();
});
