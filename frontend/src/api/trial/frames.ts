/** Cuts the body of an answer into frames, as its protocol writes them. Pure. */

/** What a frame is: a server-sent event, a line, what came at once, or the whole body. */
export type Framing = "events" | "lines" | "pieces" | "whole";

const ENDS = { events: "\n\n", lines: "\n" };

/** The most characters that are kept of a frame whose end has not come. What is beyond is dropped. */
export const MAX_FRAME_CHARACTERS = 10_000_000;

export class FrameCutter {
  private rest = "";

  constructor(private readonly framing: Framing) {}

  /** The frames that are whole with the next piece of the body. */
  push(piece: string): string[] {
    if (this.framing === "pieces") return piece === "" ? [] : [piece];
    const body = (this.rest + piece).slice(0, MAX_FRAME_CHARACTERS);
    const frames = this.framing === "whole" ? [body] : body.split(ENDS[this.framing]);
    this.rest = frames.pop() ?? "";
    return frames.filter(isFilled);
  }

  /** The frame at the end of the body that has no end of its own. */
  end(): string[] {
    const last = this.rest;
    this.rest = "";
    return isFilled(last) ? [last] : [];
  }
}

/** Spaces keep the connection open, and are no frame. */
function isFilled(frame: string): boolean {
  return frame.trim() !== "";
}
