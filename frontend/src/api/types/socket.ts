/** The frames of the socket `/ws/flows/{id}`. */

import type { Refusal } from "./refusal";
import type { RunEvent, RunInput } from "./run";

export type ClientFrame =
  | { type: "run.start"; ref: string; input: RunInput; revision: number }
  | { type: "run.follow"; ref: string; run: string; after: number }
  | { type: "run.cancel"; ref: string; run: string }
  | { type: "run.unfollow"; ref: string; run: string }
  | { type: "ping"; ref: string };

export type ServerFrame =
  | { type: "run.accepted"; ref: string; run: string }
  | { type: "events"; run: string; events: RunEvent[] }
  | { type: "ok"; ref: string }
  | { type: "error"; ref: string | null; error: Omit<Refusal, "request_id"> };
