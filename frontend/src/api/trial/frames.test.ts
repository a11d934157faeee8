import { expect, test } from "vitest";
import { FrameCutter, type Framing } from "./frames";

test.each<[Framing, string[], string[]]>([
  ["events", ["data: 1\n", "\ndata: 2\n\nda", "ta: 3\n\n"], ["data: 1", "data: 2", "data: 3"]],
  ["events", [": still here\n\n", "data: 1\n\ndata: cut"], [": still here", "data: 1", "data: cut"]],
  ["lines", ['{"a":1}\n{"b"', ":2}\n", "   "], ['{"a":1}', '{"b":2}']],
  ["pieces", ["Hel", "lo"], ["Hel", "lo"]],
  ["whole", ['{"a":', "1}"], ['{"a":1}']],
])("%s are whole however the body is cut", (framing, pieces, frames) => {
  const cutter = new FrameCutter(framing);
  expect([...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.end()]).toEqual(frames);
  expect(cutter.end()).toEqual([]);
});
