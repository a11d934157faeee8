/** Runs, their events, and the state that the events fold to. */

import type { Json } from "./common";
import type { Schemas } from "./schemas";

/** The input of the trigger, and the value of its `test_data` property. For a chat: `prompt` and its companions. */
export type RunInput = { [name: string]: Json };

export type RunRow = Schemas["RunRow"];
export type Session = Schemas["Session"];
/** A member of the workspace also gets the input. */
export type Run = Schemas["Run"] & { input: Json };
export type Usage = Schemas["Usage"];
export type RunEvent = Schemas["RunEvent"];

export type RunState = Schemas["RunState"];
export type RunStatus = RunState["status"];
export type NodeRunState = Schemas["NodeState"];
export type NodeRunStatus = NodeRunState["state"];
export type NodeError = Schemas["NodeError"];
export type RunError = Schemas["RunError"];
export type RunLogLine = Schemas["LogLine"];
export type LogLevel = RunLogLine["level"];
export type RunWarning = Schemas["WarningLine"];
export type NodeValues = Schemas["NodeValues"];
export type ReadValue = Schemas["ReadValue"];
export type ReceivedValue = Schemas["ReceivedValue"];
