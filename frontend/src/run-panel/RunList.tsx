import { useState } from "react";
import { useRatedRuns } from "../api/feedback";
import type { Feedback, Rating, RunRow } from "../api/types";
import { useRuns } from "../api/runs";
import { joinClasses } from "../ui/classes";
import { Select } from "../ui/controls/Input";
import { formatAgo, formatCount, formatDuration, formatExact } from "../ui/format";
import { PageError } from "../ui/feedback/PageError";
import { SkeletonRows } from "../ui/feedback/Skeleton";
import { StateMark } from "../ui/feedback/StateMark";
import text from "../ui/text.module.css";
import { shortenId } from "../run/format";
import { describeInput } from "./describe-input";
import { FeedbackMark } from "./FeedbackMark";
import styles from "./RunList.module.css";
import { useShownRun } from "../run/useShownRun";

interface RunListProps {
  flow: string;
  onShow: (run: RunRow) => void;
}

type Filter = Rating | "rated" | null;

const filters: { value: Filter; title: string }[] = [
  { value: null, title: "All runs" },
  { value: "rated", title: "Rated by visitors" },
  { value: "good", title: "Rated good" },
  { value: "bad", title: "Rated bad" },
];

/** The last runs of the flow, by anyone, or those that visitors have rated. A click shows the run on the canvas. */
export function RunList({ flow, onShow }: RunListProps) {
  const [filter, setFilter] = useState<Filter>(null);
  const all = useRuns(flow);
  const rated = useRatedRuns(flow, null);
  const chosen = useRatedRuns(flow, filter === "rated" ? null : filter);
  const { data: runs, error, refetch } = filter === null ? all : chosen;
  // The rated ones among the last runs are among the last rated ones.
  const feedback = new Map(
    [...(rated.data ?? []), ...(chosen.data ?? [])].map((run) => [run.id, run.feedback]),
  );
  const isFilterOffered = filter !== null || feedback.size > 0;
  return (
    <div className={styles.runs}>
      {isFilterOffered ? (
        <Select
          className={styles.filter}
          aria-label="Which runs"
          choices={filters}
          value={filter}
          onChange={setFilter}
        />
      ) : null}
      {!runs && error ? (
        <PageError title="The runs cannot be shown" error={error} onAct={() => void refetch()} />
      ) : !runs ? (
        <SkeletonRows rows={3} label="Loading runs" />
      ) : runs.length === 0 ? (
        <p className={styles.none}>
          {filter === null ? "This flow has not run yet." : "No run is rated so."}
        </p>
      ) : (
        <ul className={styles.list}>
          {runs.map((run) => (
            <RunLine key={run.id} run={run} feedback={feedback.get(run.id)} onShow={onShow} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface RunLineProps {
  run: RunRow;
  feedback: Feedback | undefined;
  onShow: (run: RunRow) => void;
}

function RunLine({ run, feedback, onShow }: RunLineProps) {
  const isShown = useShownRun((shown) => shown.run === run.id);
  return (
    <li>
      <button
        type="button"
        className={joinClasses(styles.row, isShown && styles.shown)}
        aria-current={isShown || undefined}
        onClick={() => onShow(run)}
      >
        <StateMark state={run.waits_for ? "waiting" : run.status} className={styles.state} />
        <span className={joinClasses(text.grow, text.clip, styles.words)} title={describeInput(run.input)}>
          {describeInput(run.input)}
        </span>
        {feedback ? <FeedbackMark feedback={feedback} /> : null}
        {run.caller === "schedule" ? (
          <span className={styles.caller}>by schedule, {run.environment}</span>
        ) : null}
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
  );
}
