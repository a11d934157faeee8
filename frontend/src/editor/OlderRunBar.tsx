import { useRuns } from "../api/runs";
import { useGraph } from "../graph/useGraph";
import type { RunSession } from "../run/session";
import { formatTimeOfDay } from "../run/format";
import { useConversation } from "../run/useConversation";
import { useShownRun } from "../run/useShownRun";
import { Button } from "../ui/controls/Button";
import { useVersionControls } from "./version-controls";
import { formatDay } from "../ui/format";
import { Icon } from "../ui/icons/Icon";
import styles from "./OlderRunBar.module.css";

interface OlderRunBarProps {
  flow: string;
  session: RunSession;
}

/** Says that the shown run is not the newest one, and which version of the flow it ran. */
export function OlderRunBar({ flow, session }: OlderRunBarProps) {
  const newest = useNewestRun(flow);
  const startedAt = useShownRun((shown) => shown.state.started_at);
  if (!newest || startedAt === null) return null;
  return (
    <p className={styles.bar} role="status" data-above-properties="">
      <Icon name="history" size={14} />
      <span className={styles.words}>
        <b>
          An older run, of {formatDay(startedAt)}, {formatTimeOfDay(startedAt)}.
        </b>{" "}
        <RanRevision />
      </span>
      <RanVersionButton />
      <Button onClick={() => session.show(newest.id, newest.input)}>Show the newest run</Button>
    </p>
  );
}

/** The newest run when the shown one is older: of the session, where that run is one of its turns, else of the flow. */
function useNewestRun(flow: string) {
  const runs = useRuns(flow).data;
  const turns = useConversation((conversation) => conversation.turns);
  const run = useShownRun((shown) => shown.run);
  const startedAt = useShownRun((shown) => shown.state.started_at);
  const last = turns.at(-1);
  if (run === null || startedAt === null) return null;
  if (last && turns.some((turn) => turn.run === run))
    return last.run === run ? null : { id: last.run, input: last.input };
  const newest = runs?.[0];
  return newest && Date.parse(newest.started_at) > Date.parse(startedAt) ? newest : null;
}

/** Draws the version that the shown run executed, unless it is drawn. */
function RanVersionButton() {
  const ran = useShownRun((shown) => shown.revision);
  const drawn = useGraph((graph) => graph.revision);
  const { show } = useVersionControls();
  if (ran === null || ran === drawn) return null;
  return <Button onClick={() => void show(ran)}>Show version {ran}</Button>;
}

function RanRevision() {
  const ran = useShownRun((shown) => shown.revision);
  const drawn = useGraph((graph) => graph.revision);
  if (ran === null) return null;
  return ran === drawn
    ? `It ran version ${ran}, which is drawn.`
    : `It ran version ${ran} of the flow; the canvas shows version ${drawn}.`;
}
