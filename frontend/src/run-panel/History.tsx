import type { RunRow } from "../api/types";
import { useRuns } from "../api/runs";
import { classes } from "../ui/classes";
import { formatAgo, formatCount, formatDuration, formatExact } from "../ui/format";
import { PageError } from "../ui/feedback/PageError";
import { SkeletonRows } from "../ui/feedback/Skeleton";
import { StateMark } from "../ui/feedback/StateMark";
import text from "../ui/text.module.css";
import { sentWords, shortId } from "../run/format";
import styles from "./History.module.css";
import { useShownRun } from "../run/useShownRun";

interface HistoryProps {
  flow: string;
  onShow: (run: RunRow) => void;
}

/** The last runs of the flow, by whomever; one of them can be shown on the canvas. */
export function History({ flow, onShow }: HistoryProps) {
  const { data: runs, error, refetch } = useRuns(flow);
  const shown = useShownRun((run) => run.run);
  if (error) return <PageError title="The runs cannot be shown" error={error} onAct={() => void refetch()} />;
  if (!runs) return <SkeletonRows rows={3} label="The runs are on their way" />;
  if (runs.length === 0) return <p className={styles.none}>This flow has not run yet.</p>;
  return (
    <ul className={styles.list}>
      {runs.map((run) => (
        <li key={run.id}>
          <button
            type="button"
            className={classes(styles.row, run.id === shown && styles.shown)}
            aria-current={run.id === shown || undefined}
            onClick={() => onShow(run)}
          >
            <StateMark state={run.status} className={styles.state} />
            <span className={classes(text.grow, text.clip)}>{sentWords(run.input)}</span>
            {run.log_expired_at === null ? null : <span className={styles.gone}>log deleted</span>}
            <span className={styles.figure}>{formatCount(run.items, "message")}</span>
            <span className={styles.figure}>
              {run.duration_ms === null ? "" : formatDuration(run.duration_ms)}
            </span>
            <span className={styles.figure} title={formatExact(run.started_at)}>
              {formatAgo(run.started_at)}
            </span>
            <span className={classes(styles.id, text.code)}>{shortId(run.id)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
