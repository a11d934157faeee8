/** How flows start, by their triggers. Pure. */
import type { Graph } from "./types";

export const CHAT_TRIGGER = "chat.completion_trigger";
export const SCHEDULE_TRIGGER = "schedule.trigger";
const FEEDBACK_TRIGGER = "chat.feedback_trigger";

/** `call`: somebody calls the flow, and waits for its answer. */
export type FlowStart = "call" | "schedule" | "feedback";

/** How the trigger of this type starts its flow. */
export function getStart(trigger: string): FlowStart {
  if (trigger === SCHEDULE_TRIGGER) return "schedule";
  return trigger === FEEDBACK_TRIGGER ? "feedback" : "call";
}

/** How a flow starts; by a call, as long as it has no other trigger. */
export function findStart({ nodes }: Graph): FlowStart {
  return nodes.map(({ action }) => getStart(action)).find((start) => start !== "call") ?? "call";
}
