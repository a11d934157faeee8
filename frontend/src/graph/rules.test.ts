import { describe, expect, it } from "vitest";
import { actions, chat, end, createGraph, helper, createNode, step, stream, trigger } from "../testing/flow";
import { getRunOrder } from "./run-order";
import { canConnect, createLink, findOnwardBranch, type Port } from "./rules";

const out = (node: string, name = "continue"): Port => ({ node, kind: "execution", side: "source", name });
const into = (node: string): Port => ({ node, kind: "execution", side: "target", name: "in" });
const slot = (node: string): Port => ({ node, kind: "attachment", side: "source", name: "reducer" });
const host = (node: string): Port => ({ node, kind: "attachment", side: "target", name: "host" });

describe("ports that fit", () => {
  it.each<[string, Port, Port, boolean]>([
    ["an output and an input", out("save"), into("yield"), true],
    ["an input and an output, drawn backwards", into("yield"), out("save"), true],
    ["a slot and its helper", slot("answer"), host("reduce"), true],
    ["a slot and another action", slot("answer"), host("save"), false],
    ["an output and a diamond", out("save"), host("reduce"), false],
    ["two outputs", out("save"), out("yield"), false],
    ["a node and itself", out("save"), into("save"), false],
    ["a trigger, which has no input", out("save"), into("start"), false],
    ["a port that does not exist", out("save", "else"), into("yield"), false],
    ["a way back, which would never end", out("yield"), into("answer"), false],
  ])("%s", (_, a, b, fits) => {
    const link = createLink(a, b);
    expect(link !== null && canConnect(chat, actions, link)).toBe(fits);
  });

  it.each([
    [stream, "continue"],
    [step, "continue"],
    [end, undefined],
  ])("the path goes on after %o by its branch that does not repeat", (action, branch) => {
    expect(findOnwardBranch(action)?.name).toBe(branch);
  });
});

describe("the order of a run", () => {
  it("follows the branches in order, a helper after its host, what is not reached last", () => {
    const apart = { ...chat, nodes: [createNode("apart", step, -100), ...chat.nodes.toReversed()] };
    expect(getRunOrder(apart, actions).nodeIds).toEqual([
      "start",
      "answer",
      "reduce",
      "yield",
      "save",
      "apart",
    ]);
  });

  it("knows what repeats a node, and whose stream it waits for", () => {
    const { places } = getRunOrder(chat, actions);
    expect(places.get("yield")).toEqual({ repeatedBy: "answer", afterStream: null });
    expect(places.get("save")).toEqual({ repeatedBy: null, afterStream: "answer" });
    expect(places.get("start")).toEqual({ repeatedBy: null, afterStream: null });
  });

  it("ends where a graph from elsewhere has a circle", () => {
    const circle = createGraph(
      [createNode("a", trigger), createNode("b", step), createNode("c", helper)],
      "a:continue>b",
      "b:continue>b",
    );
    expect(getRunOrder(circle, actions).nodeIds).toEqual(["a", "b", "c"]);
  });
});
