import { expect, test } from "vitest";
import { judge } from "./judge";
import type { Measurement } from "./measure";

const pace = { pieces: 20, pauseMs: 150 };

/** Pieces that were written at the pace, and came in portions of so many. */
function measureIn(portion: number, other: Partial<Measurement> = {}): Measurement {
  const arrivals = Array.from({ length: pace.pieces }, (_, index) => ({
    sentMs: index * pace.pauseMs,
    receivedMs: Math.ceil((index + 1) / portion) * portion * pace.pauseMs,
  }));
  return { arrivals, isWhole: true, endedMs: 3010, compression: "", hasSocket: true, ...other };
}

const titles = (measured: Measurement) => judge(measured, pace).map(({ title }) => title);

test("what comes piece by piece is live", () => {
  expect(titles(measureIn(1))).toEqual(["Chunks arrive as they are written.", "WebSockets pass."]);
});

test("what comes all together is collected, and the line for nginx is given", () => {
  const [stream] = judge(measureIn(20), pace);
  expect(stream?.kind).toBe("failed");
  expect(stream?.title).toContain("all 20 pieces came together, after 3.0 s");
  expect(stream?.lines).toContain("nginx: proxy_buffering off;");
});

test("portions of about 100 bytes are told as such", () => {
  expect(titles(measureIn(2))[0]).toBe(
    "The proxy collects pieces: 20 came in 10 portions, of about 90 bytes.",
  );
});

test("a cut says when and where", () => {
  const cut = { ...measureIn(1), isWhole: false, endedMs: 1500 };
  cut.arrivals = cut.arrivals.slice(0, 10);
  expect(titles(cut)[0]).toBe("The stream was cut after 1.5 s, at piece 10 of 20.");
});

test("compression and a missing socket are told beside it", () => {
  expect(titles(measureIn(1, { compression: "gzip", hasSocket: false }))).toEqual([
    "Chunks arrive as they are written.",
    "The stream is compressed on its way (gzip).",
    "WebSockets do not pass.",
  ]);
});
