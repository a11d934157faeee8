import { describe, expect, it } from "vitest";
import { actions, chat } from "../../../testing/flow";
import { startKeyConnect, chooseCandidate, choosePort } from "./key-connect";
import { findNeighbour, type Direction } from "./neighbours";

describe("arrows", () => {
  it.each<[string, Direction, string | null]>([
    ["start", "right", "answer"],
    ["answer", "right", "yield"],
    ["yield", "left", "answer"],
    ["yield", "down", "save"],
    ["save", "up", "yield"],
    ["answer", "down", "reduce"],
    ["reduce", "up", "answer"],
    ["start", "left", null],
    ["gone", "right", null],
  ])("from %s %s to %s", (from, direction, to) => {
    expect(findNeighbour(chat, actions, from, direction)).toBe(to);
  });
});

describe("connecting by keys", () => {
  const yields = chat.nodes[2];

  it("begins at an open port, and offers what fits, the nearest first", () => {
    const begun = yields && startKeyConnect(chat, actions, yields);
    expect(begun?.from).toMatchObject({ node: "yield", name: "continue" });
    expect(begun?.candidates.map((port) => port.node)).toEqual(["save"]);
  });

  it("turns through ports and candidates in circles", () => {
    const answer = chat.nodes[1];
    const begun = answer && startKeyConnect(chat, actions, answer);
    if (!begun) throw new Error("The stream has ports.");
    expect(begun.from.name).toBe("each");
    expect(choosePort(chat, actions, begun, -1).from.name).toBe("reducer");
    expect(chooseCandidate(begun, -1).chosen).toBe(begun.candidates.length - 1);
  });
});
