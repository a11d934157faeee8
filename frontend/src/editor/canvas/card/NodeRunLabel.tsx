import type { ActionDescription, GraphNode } from "../../../api/types";
import type { RunPlace } from "../../../graph/run-order";
import { useRunMs } from "../../../run/useRunMs";
import { formatElapsed, formatTimeOfDay } from "../../../run/format";
import { type CardState, useNodeRun, describeWait } from "./card-state";
import { useShownRun } from "../../../run/useShownRun";
import { formatDuration, formatNumber } from "../../../ui/format";
import styles from "./NodeRunLabel.module.css";
import { StateGlyph } from "./StateGlyph";

interface NodeRunLabelProps {
  node: GraphNode;
  action: ActionDescription;
  state: CardState;
  place: RunPlace | undefined;
}

/** The state of a node in the run: a sign, then a time or a word. */
export function NodeRunLabel({ node, action, state, place }: NodeRunLabelProps) {
  if (state === "idle") return null;
  return (
    <span className={`${styles.word ?? ""} ${styles[state] ?? ""}`}>
      <StateGlyph state={state} />
      <RunText node={node.id} trigger={action.role === "trigger"} state={state} place={place} />
    </span>
  );
}

interface RunTextProps {
  node: string;
  trigger: boolean;
  state: CardState;
  place: RunPlace | undefined;
}

function RunText({ node, trigger, state, place }: RunTextProps) {
  const run = useNodeRun(node);
  const startedAt = useShownRun((shown) => shown.state.started_at);
  const waits = useShownRun((shown) => describeWait(shown.state, place));
  const repeated = place?.repeatedBy !== null && run !== undefined && run.count > 0;
  switch (state) {
    case "waiting":
      return waits;
    case "running":
      return repeated ? `×${formatNumber(run.count)}` : <ElapsedTime startedMs={run?.started_ms ?? 0} />;
    case "done":
      if (trigger) return startedAt === null ? "" : formatTimeOfDay(startedAt);
      return repeated ? `×${formatNumber(run.count)}` : formatDuration(run?.duration_ms ?? 0);
    case "failed":
      return `failed after ${formatDuration(run?.duration_ms ?? 0)}`;
    default:
      return state;
  }
}

function ElapsedTime({ startedMs }: { startedMs: number }) {
  const clock = useShownRun((shown) => shown.clock);
  return formatElapsed(useRunMs(clock, true) - startedMs);
}
