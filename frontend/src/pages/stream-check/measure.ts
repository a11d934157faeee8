/** Measures a stream and a socket of this server as the browser receives them, through whatever stands between. */
import { openAnswer } from "../../api/client";
import { withBasePath } from "../../api/server-address";

export interface Arrival {
  /** When the server wrote the piece, in ms since it wrote the first one. */
  sentMs: number;
  /** When the browser received it, in ms since it asked. */
  receivedMs: number;
}

export interface Measurement {
  arrivals: Arrival[];
  /** The stream came to its end. */
  isWhole: boolean;
  /** When the stream ended or was cut, in ms since the browser asked. */
  endedMs: number;
  /** How the answer was compressed on its way; empty for not at all. */
  compression: string;
  hasSocket: boolean;
}

export interface Pace {
  pieces: number;
  pauseMs: number;
}

const SOCKET_TIMEOUT_MS = 5_000;

/** @throws ApiError when the server refuses or cannot be reached; an aborted one throws its AbortError */
export async function measure(
  { pieces, pauseMs }: Pace,
  onArrival: (count: number) => void,
  signal: AbortSignal,
): Promise<Measurement> {
  const began = performance.now();
  const response = await openAnswer("GET", "stream-check", {
    query: { pieces, pause_ms: pauseMs },
    headers: { Accept: "text/event-stream" },
    signal,
  });
  const encoding = response.headers.get("Content-Encoding") ?? "";
  const stream = await readPieces(response, began, onArrival, signal);
  const hasSocket = await hasEcho();
  return { ...stream, compression: encoding === "identity" ? "" : encoding, hasSocket };
}

async function readPieces(
  response: Response,
  began: number,
  onArrival: (count: number) => void,
  signal: AbortSignal,
): Promise<Pick<Measurement, "arrivals" | "isWhole" | "endedMs">> {
  const arrivals: Arrival[] = [];
  let text = "";
  try {
    for await (const part of readText(response)) {
      const blocks = (text + part).split("\n\n");
      text = blocks.pop() ?? "";
      const receivedMs = performance.now() - began;
      for (const block of blocks) {
        const sent = /"at_ms":(\d+)/.exec(block);
        if (sent) arrivals.push({ sentMs: Number(sent[1]), receivedMs });
        if (block.startsWith("event: check.ended")) return { arrivals, isWhole: true, endedMs: receivedMs };
      }
      onArrival(arrivals.length);
    }
  } catch (error) {
    if (signal.aborted) throw error; // any other error is what a cut stream is to a browser
  }
  return { arrivals, isWhole: false, endedMs: performance.now() - began };
}

async function* readText(response: Response): AsyncGenerator<string> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Whether a socket of this server opens, and brings a message back. */
function hasEcho(): Promise<boolean> {
  const socket = new WebSocket(withBasePath("/ws/stream-check"));
  return new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), SOCKET_TIMEOUT_MS);
    socket.onopen = () => socket.send("echo");
    socket.onmessage = ({ data }) => resolve(data === "echo");
    socket.onclose = () => resolve(false);
  }).finally(() => socket.close());
}
