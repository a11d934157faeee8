import type { FlowRow } from "../../api/types";

/** Why the server would refuse to delete the flow; null when it would not. */
export function findObstacle({ used_by: users, last_run: run }: FlowRow): "called" | "running" | null {
  if (users.length > 0) return "called";
  return run?.status === "running" ? "running" : null;
}
