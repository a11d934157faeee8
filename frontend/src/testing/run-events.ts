import type { RunEvent } from "../api/types";

/** The event of a yielded text; the stream that brought it is the node `stream`. */
export function createItemEvent(seq: number, ms: number, text: string): RunEvent {
  return { seq, ms, type: "item", index: seq, node: "yield", source: "stream", message: seq, text };
}
