import type { RunRow } from "../api/types";
import { useRuns } from "../api/runs";
import { joinClasses } from "../ui/classes";
import { formatAgo, formatCount, formatDuration, formatExact } from "../ui/format";
import { PageError } from "../ui/feedback/PageError";
import { SkeletonRows } from "../ui/feedback/Skeleton";
import { StateMark } from "../ui/feedback/StateMark";
import text from "../ui/text.module.css";
import { describeInput, shortenId } from "../run/format";
import styles from "./RunList.module.css";
import { useShownRun } from "../run/useShownRun";

interface RunListProps {
  flow: string;
  onShow: (run: RunRow) => void;
}

/** The last runs of the flow, by anyone. A click shows the run on the canvas. */
export function RunList({ flow, onShow }: RunListProps) {
  const { data: runs, error, refetch } = useRuns(flow);
  const shown = useShownRun((run) => run.run);
  if (!runs && error)
    return <PageError title="The runs cannot be shown" error={error} onAct={() => void refetch()} />;
  if (!runs) return <SkeletonRows rows={3} label="Loading runs" />;
  if (runs.length === 0) return <p className={styles.none}>This flow has not run yet.</p>;
  return (
    <ul className={styles.list}>
      {runs.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            className={joinClasses(styles.row, run.id === shown && styles.shown)}
            aria-current={run.id === shown || undefined}
            onClick={() => onShow(run)}
          >
            <StateMark state={run.status} className={styles.state} />
            <span className={joinClasses(text.grow, text.clip)}>{describeInput(run.input)}</span>
            {run.log_expired_at === null ? null : <span className={styles.gone}>log deleted</span>}
            <span className={joinClasses(styles.figure, styles.revision)}>version {run.revision}</span>
            <span className={joinClasses(styles.figure, styles.messages)}>
              {formatCount(run.items, "message")}
            </span>
            <span className={joinClasses(styles.figure, styles.duration)}>
              {run.duration_ms === null ? "" : formatDuration(run.duration_ms)}
            </span>
            <span className={styles.figure} title={formatExact(run.started_at)}>
              {formatAgo(run.started_at)}
            </span>
            <span className={joinClasses(styles.id, text.code)}>{shortenId(run.id)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
