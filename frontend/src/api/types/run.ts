/** Runs, their events, and the state that the events fold to. */

import type { Json } from "./common";

export type RunStatus = "waiting" | "running" | "completed" | "failed" | "cancelled" | "interrupted";

/** The input of a chat trigger, and the value of its `test_data` property. */
export interface RunInput {
  prompt: string;
  session_id?: string | null;
  context?: Json;
}

export interface RunRow {
  id: string;
  flow: string;
  status: RunStatus;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  first_item_ms: number | null;
  items: number;
  error: { code: string; message: string } | null;
  input: Json;
}

export interface Run {
  id: string;
  flow: string;
  status: RunStatus;
  started_at: string;
  finished_at: string | null;
  input: Json;
  revision: number;
  state: RunState;
}

/** Tokens of all model calls; null where the vendor did not tell. */
export interface Usage {
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_input_tokens: number | null;
  cache_creation_input_tokens: number | null;
}

interface EventHead {
  seq: number;
  /** Milliseconds since the run began. */
  ms: number;
}

export type RunEvent = EventHead &
  (
    | { type: "run.started"; run: string; flow: string; revision: number; at: string; simulator: boolean }
    | { type: "node.started"; node: string }
    | { type: "node.message"; node: string; index: number; text: string }
    | {
        type: "node.finished";
        node: string;
        duration_ms: number;
        count: number;
        outputs: Record<string, Json>;
      }
    | { type: "node.skipped"; node: string; reason: string }
    | {
        type: "node.failed";
        node: string;
        code: string;
        message: string;
        hint: string | null;
        duration_ms: number;
      }
    | {
        type: "item";
        index: number;
        node: string;
        source: string | null;
        message: number | null;
        text?: string;
        value?: Json;
      }
    | { type: "log"; node: string; level: LogLevel; message: string }
    | {
        type: "warning";
        node: string;
        code: string;
        message: string;
        hint: string | null;
        property: string | null;
      }
    | ({
        type: "usage";
        node: string;
        model: string;
        stop_reason: string | null;
        first_message_ms: number | null;
      } & Usage)
    | { type: "run.completed"; result: Json; finish_reason: string | null; usage: Usage | null }
    | {
        type: "run.failed";
        code: string;
        message: string;
        hint: string | null;
        node: string | null;
        usage: Usage | null;
      }
    | { type: "run.cancelled"; reason: string; usage: Usage | null }
    | { type: "run.interrupted"; reason: string; usage: Usage | null }
  );

export type LogLevel = "info" | "warning" | "error";

export type NodeRunStatus = "running" | "done" | "failed" | "skipped" | "cancelled" | "interrupted";

export interface NodeRunState {
  state: NodeRunStatus;
  started_ms: number;
  duration_ms: number | null;
  /** How many times the node ran or yielded. */
  count: number;
  messages: number;
  first_message_ms: number | null;
  text: string;
  outputs: Record<string, Json>;
  error: { code: string; message: string; hint: string | null } | null;
}

export interface RunState {
  status: RunStatus;
  seq: number;
  simulator: boolean;
  started_at: string | null;
  duration_ms: number | null;
  first_item_ms: number | null;
  items: number;
  text: string;
  result: Json;
  finish_reason: string | null;
  error: RunError | null;
  usage: Usage | null;
  nodes: Record<string, NodeRunState>;
  logs: RunLog[];
  warnings: RunWarning[];
}

export interface RunError {
  code: string;
  message: string;
  hint: string | null;
  node: string | null;
}

export interface RunLog {
  ms: number;
  node: string;
  level: LogLevel;
  message: string;
}

export interface RunWarning {
  ms: number;
  node: string;
  code: string;
  message: string;
  hint: string | null;
  property: string | null;
}
