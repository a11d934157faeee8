import { describe, expect, it } from "vitest";
import { actions, chat, createGraph, createNode, step, stream, trigger } from "../../../testing/flow";
import { computeAttachmentPath, computeExecutionPath } from "../edges/edge-path";
import { overlaps, computeCardSize } from "./geometry";
import { listBoxes, findFreePlace, placeBeside, placeOnEdge } from "./place";
import { arrangeNodes } from "./arrange-nodes";
import { computePan, fitBoxes, showBoxes } from "../useCanvasView";

describe("an edge", () => {
  it("is straight between level ports", () => {
    expect(computeExecutionPath({ sourceX: 0, sourceY: 50, targetX: 40, targetY: 50 })).toEqual({
      d: "M0 50L40 50",
      x: 20,
      y: 50,
    });
  });

  it("turns with corners in the middle of the gap", () => {
    const { d, x } = computeExecutionPath({ sourceX: 0, sourceY: 0, targetX: 40, targetY: 100 });
    expect(d).toContain("Q");
    expect(x).toBe(20);
  });

  it("goes around when its target lies behind", () => {
    const { d } = computeExecutionPath({ sourceX: 0, sourceY: 0, targetX: -100, targetY: 100 });
    const across = [...d.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
    expect(Math.max(...across)).toBeGreaterThan(8);
    expect(Math.min(...across)).toBeLessThan(-108);
  });

  it("hangs straight down", () => {
    expect(computeAttachmentPath({ sourceX: 10, sourceY: 0, targetX: 12, targetY: 36 })).toBe("M11 0V36");
  });
});

describe("a new card", () => {
  it("stands beside the port that it follows, and covers nothing", () => {
    const from = { node: "answer", kind: "execution", side: "source", name: "each" } as const;
    const place = placeBeside(chat, actions, from, step);
    const box = { ...place, ...computeCardSize(step) };
    expect(place.x).toBeGreaterThanOrEqual(500);
    expect(listBoxes(chat, actions).some((other) => overlaps(other, box, 0))).toBe(false);
  });

  it("takes the wanted place where it is free", () => {
    expect(findFreePlace([], { x: 3, y: 5, width: 10, height: 10 })).toEqual({ x: 4, y: 4 });
  });

  it("asks for room where the gap of the edge is too narrow", () => {
    const [first] = chat.edges;
    expect(first && placeOnEdge(chat, actions, first, step)).toEqual({
      position: { x: 248, y: 0 },
      gapPx: 196,
    });
  });
});

describe("tidy up", () => {
  const places = arrangeNodes(chat, actions, 800);
  const at = (id: string) => places.get(id) ?? { x: NaN, y: NaN };

  it("puts the run from left to right, its main path level", () => {
    expect(at("start").y).toBe(at("answer").y);
    expect(at("yield").y).toBe(at("answer").y);
    expect(at("start").x).toBeLessThan(at("answer").x);
    expect(at("answer").x).toBeLessThan(at("yield").x);
  });

  it("puts the next branch below, and the helper under its host", () => {
    expect(at("save").x).toBe(at("yield").x);
    expect(at("save").y).toBeGreaterThanOrEqual(at("yield").y + computeCardSize(step).height + 24);
    expect(at("reduce").y).toBe(at("answer").y + computeCardSize(stream).height + 36);
  });

  it("covers nothing, in a flow of a hundred nodes too", () => {
    const nodes = Array.from({ length: 100 }, (_, index) =>
      createNode(`n${index}`, index === 0 ? trigger : stream),
    );
    const edges = nodes.slice(1).map(({ id }, index) => {
      const parent = Math.floor(index / 2);
      return `n${parent}:${parent === 0 || index % 2 === 0 ? "continue" : "each"}>${id}`;
    });
    const graph = createGraph(nodes, ...edges);
    const tidied = arrangeNodes(graph, actions, 2_000);
    const boxes = nodes.map((each) => ({
      ...(tidied.get(each.id) ?? each.position),
      ...computeCardSize(stream),
    }));
    const hits = boxes.flatMap((box, index) =>
      boxes.slice(index + 1).filter((other) => overlaps(box, other, 0)),
    );
    expect(hits).toEqual([]);
  });

  it("fills the room with wider gaps, and goes no closer than 26", () => {
    const narrow = arrangeNodes(chat, actions, 100);
    expect((narrow.get("answer")?.x ?? 0) - 200).toBe(28);
    expect(at("answer").x - 200).toBe(64);
  });
});

describe("the view", () => {
  const box = { x: 0, y: 0, width: 400, height: 200 };

  it("shows all of a small flow at 100 % at most", () => {
    expect(fitBoxes([box], 1000, 600)).toMatchObject({ zoom: 1, y: 56 });
  });

  it("shows the beginning of a large flow, at 80 % at least", () => {
    expect(fitBoxes([{ ...box, width: 4000 }], 1000, 600)).toEqual({ x: 16, y: 56, zoom: 0.8 });
  });

  it.each([
    ["in view: not at all", 100, 0],
    ["beyond the right: as far as needed", 900, -316],
    ["beyond the left: as far as needed", -50, 66],
  ])("pans to a card that is %s", (_, x, moved) => {
    expect(computePan({ ...box, x, y: 80 }, { x: 0, y: 0, zoom: 1 }, 1000, 600).x).toBe(moved);
  });

  it("shows the message below a card that is too high for the room, and as much of the card as there is room for", () => {
    const card = { ...box, y: 80, height: 700 };
    const message = { ...card, y: 780, height: 60 };
    const shown = showBoxes([{ ...card, height: 760 }, message], { x: 0, y: 0, zoom: 1 }, 1000, 600);
    expect(message.y + message.height + shown.y).toBe(600 - 56);
  });
});
