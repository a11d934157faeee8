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
    const connecting = yields && startKeyConnect(chat, actions, yields);
    expect(connecting?.from).toMatchObject({ node: "yield", name: "continue" });
    expect(connecting?.candidates.map((port) => port.node)).toEqual(["save"]);
  });

  it("turns through ports and candidates in circles", () => {
    const answer = chat.nodes[1];
    const connecting = answer && startKeyConnect(chat, actions, answer);
    if (!connecting) throw new Error("The stream has ports.");
    expect(connecting.from.name).toBe("each");
    expect(choosePort(chat, actions, connecting, -1).from.name).toBe("reducer");
    expect(chooseCandidate(connecting, -1).chosen).toBe(connecting.candidates.length - 1);
  });
});
