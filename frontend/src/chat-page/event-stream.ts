/** Reads a stream of server-sent events. */
import type { RunEvent } from "../api/types";

/** Yields the events of a stream as they come, those of one piece together. Throws when the stream is cut. */
export async function* readEvents(response: Response): AsyncGenerator<RunEvent[]> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      const events = blocks.flatMap(readEvent);
      if (events.length > 0) yield events;
    }
  } finally {
    reader.releaseLock();
  }
}

/** The event of a block; none of a block that is no event of a run, such as the wish to reconnect. */
function readEvent(block: string): RunEvent[] {
  const data = block
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length))
    .join("\n");
  if (data === "") return [];
  const event = JSON.parse(data) as Partial<RunEvent>;
  return event.type === undefined ? [] : [event as RunEvent];
}
