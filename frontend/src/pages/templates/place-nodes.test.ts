import { expect, test } from "vitest";
import type { Graph } from "../../api/types";
import { placeNodes } from "./place-nodes";

function createGraph(places: [string, number, number][], helpers: string[] = []): Graph {
  return {
    schema: 1,
    nodes: places.map(([id, x, y]) => ({ id, action: "a.b", properties: {}, position: { x, y } })),
    edges: helpers.map((id) => ({
      id: `to_${id}`,
      kind: "attachment",
      source: "a",
      source_port: "helper",
      target: id,
      target_port: "host",
    })),
    notes: [],
  };
}

test("nodes keep their columns and rows, however far apart they stand", () => {
  const { boxes, width, height } = placeNodes(
    createGraph([
      ["a", 0, 0],
      ["b", 5_000, 20],
      ["c", 5_020, 900],
    ]),
  );
  const [a, b, c] = boxes;
  expect(b?.x).toBe(c?.x);
  expect(a?.y).toBe(b?.y);
  expect(c?.y).toBeGreaterThan(b?.y ?? 0);
  expect([width, height].every((size) => size < 600)).toBe(true);
});

test("a helper is a low card", () => {
  const { boxes } = placeNodes(
    createGraph(
      [
        ["a", 0, 0],
        ["h", 0, 300],
      ],
      ["h"],
    ),
  );
  expect(boxes[1]?.height).toBeLessThan(boxes[0]?.height ?? 0);
});

test("an empty graph has a picture", () => {
  expect(placeNodes(createGraph([])).boxes).toEqual([]);
});
