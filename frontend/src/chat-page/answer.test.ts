import { describe, expect, it } from "vitest";
import type { Citation, RunEvent } from "../api/types";
import { markSource } from "../run-panel/markdown/source-marks";
import { describeAnswer, emptyAnswer, getPlainText, isGoingOn, takeEvents } from "./answer";
import { readEvents } from "./event-stream";

function buildSource(title: string): Citation {
  return { url: null, source: null, title, cited_text: `Words of ${title}` };
}

function fold(...events: object[]) {
  const numbered = events.map((event, index) => ({ seq: index + 1, ms: 0, ...event }) as unknown as RunEvent);
  return takeEvents(emptyAnswer, numbered);
}

const started = { type: "run.started" };
const completed = { type: "run.completed", result: null };

describe("the answer of a chat page", () => {
  it("joins texts until one names its sources, and numbers these in the order of their names", () => {
    const [one, two] = [buildSource("One"), buildSource("Two")];
    const answer = fold(
      started,
      { type: "item", text: "A" },
      { type: "item", text: "B\n\n", citations: [one] },
      { type: "item", text: "C", citations: [two, one] },
      completed,
    );
    expect(answer.parts).toHaveLength(2);
    expect(describeAnswer(answer)).toEqual({
      text: `AB${markSource(1)}\n\nC${markSource(2)}${markSource(1)}`,
      sources: [one, two],
      thinking: "",
      values: [],
    });
    expect(getPlainText(answer)).toBe("AB\n\nC");
  });

  it("takes no event twice, and begins anew with a run that begins anew", () => {
    const before = fold(started, { type: "item", text: "A" });
    const again = { type: "item", seq: 2, ms: 0, text: "A" } as unknown as RunEvent;
    expect(takeEvents(before, [again])).toBe(before);
    const restarted = { type: "run.restarted", seq: 3, ms: 0 } as unknown as RunEvent;
    expect(takeEvents(before, [restarted]).parts).toEqual([]);
  });

  it("shows what a flow returns when it yields nothing, and ends in words when it fails", () => {
    expect(describeAnswer(fold(started, { ...completed, result: "Whole" })).text).toBe("Whole");
    const failed = fold(started, { type: "run.failed", code: "x", message: "No.", hint: null });
    expect([isGoingOn(failed), failed.error?.message]).toEqual([false, "No."]);
    expect(isGoingOn(fold(started))).toBe(true);
  });

  it("folds thinking away, and leaves other values", () => {
    const values = [{ thinking: "Hm." }, { thinking: "Hm.", more: 1 }, [1]];
    const shown = describeAnswer(
      fold(started, ...values.map((value) => ({ type: "item", value })), completed),
    );
    expect([shown.thinking, shown.values]).toEqual(["Hm.", values.slice(1)]);
  });

  it("takes marks of sources from nobody but the server", () => {
    const text = describeAnswer(fold(started, { type: "item", text: `A${markSource(7)}` })).text;
    expect(text).toBe("A ");
  });
});

it("reads the events of a stream that is cut anywhere", async () => {
  const lines =
    'retry: 1000\nevent: item\ndata: {"type":"item","seq":1,"text":"\u00e4\u00f6"}\nid: 1\n\n: still here\n';
  const more =
    'event: reconnect\nretry: 2000\ndata: {}\n\nevent: item\ndata: {"type":"item","seq":2}\nid: 2\n\n';
  const bytes = new TextEncoder().encode(lines + more);
  for (const size of [1, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.slice(index * size, (index + 1) * size),
    );
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
    const seen: number[] = [];
    for await (const events of readEvents(new Response(body))) seen.push(...events.map(({ seq }) => seq));
    expect(seen).toEqual([1, 2]);
  }
});
