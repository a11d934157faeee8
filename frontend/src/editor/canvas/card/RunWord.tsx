import type { ActionDescription, GraphNode } from "../../../api/types";
import type { Place } from "../../../graph/run-order";
import { useRunMs } from "../../../run/useRunMs";
import { elapsed, timeOfDay } from "../../../run/format";
import { type CardState, useNodeRun, waitsFor } from "./card-state";
import { useShownRun } from "../../../run/useShownRun";
import { formatDuration, formatNumber } from "../../../ui/format";
import styles from "./RunWord.module.css";
import { StateGlyph } from "./StateGlyph";

interface RunWordProps {
  node: GraphNode;
  action: ActionDescription;
  state: CardState;
  place: Place | undefined;
}

/** Glyph, then a time or a word: how the run of this node goes. */
export function RunWord({ node, action, state, place }: RunWordProps) {
  if (state === "idle") return null;
  return (
    <span className={`${styles.word ?? ""} ${styles[state] ?? ""}`}>
      <StateGlyph state={state} />
      <Words node={node.id} trigger={action.role === "trigger"} state={state} place={place} />
    </span>
  );
}

interface WordsProps {
  node: string;
  trigger: boolean;
  state: CardState;
  place: Place | undefined;
}

function Words({ node, trigger, state, place }: WordsProps) {
  const run = useNodeRun(node);
  const startedAt = useShownRun((shown) => shown.state.started_at);
  const waits = useShownRun((shown) => waitsFor(shown.state, place));
  const repeated = place?.repeatedBy !== null && run !== undefined && run.count > 0;
  switch (state) {
    case "waiting":
      return waits;
    case "running":
      return repeated ? `×${formatNumber(run.count)}` : <Elapsed startedMs={run?.started_ms ?? 0} />;
    case "done":
      if (trigger) return startedAt === null ? "" : timeOfDay(startedAt);
      return repeated ? `×${formatNumber(run.count)}` : formatDuration(run?.duration_ms ?? 0);
    case "failed":
      return `failed after ${formatDuration(run?.duration_ms ?? 0)}`;
    default:
      return state;
  }
}

function Elapsed({ startedMs }: { startedMs: number }) {
  const clock = useShownRun((shown) => shown.clock);
  return elapsed(useRunMs(clock, true) - startedMs);
}
