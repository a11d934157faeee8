import { Link } from "react-router";
import { useSchedulePreview, useSchedules } from "../../../api/queue";
import { getFieldError } from "../../../api/refusals";
import type { PreviewedTime, Schedule } from "../../../api/types";
import { useGraph } from "../../../graph/useGraph";
import { joinClasses } from "../../../ui/classes";
import { StateMark } from "../../../ui/feedback/StateMark";
import { useSettledValue } from "../../../ui/useSettledValue";
import { formatInZone, formatWallTime } from "../../../ui/wall-time";
import styles from "./SchedulePreview.module.css";

interface SchedulePreviewProps {
  expression: string;
  zone: string;
  /** Whether the field says already what is wrong with the expression. */
  isFaultTold: boolean;
  /** Who may only look has no queue. */
  readOnly: boolean;
}

/** What an expression means: in words, the next times, and where the flow starts by itself. */
export function SchedulePreview({ expression, zone, isFaultTold, readOnly }: SchedulePreviewProps) {
  const flow = useGraph((state) => state.flow);
  const settled = useSettledValue(`${expression}\n${zone}`);
  const [settledExpression = "", settledZone = ""] = settled.split("\n");
  const { data, error, isPlaceholderData: isOfAnother } = useSchedulePreview(settledExpression, settledZone);
  return (
    <div className={styles.preview}>
      <div aria-live="polite">
        {error ? (
          <Fault error={error} isTold={isFaultTold} />
        ) : (
          <p className={data && !isOfAnother ? styles.words : styles.none}>
            {data && !isOfAnother ? data.words : "Reading the times"}
          </p>
        )}
        {data && !error ? (
          <ol className={joinClasses(styles.times, isOfAnother && styles.hidden)} aria-label="The next times">
            {data.times.map((time) => (
              <NextTime key={time.at} time={time} />
            ))}
          </ol>
        ) : null}
      </div>
      {flow ? <StartsNote flow={flow} readOnly={readOnly} /> : null}
    </div>
  );
}

/** Why there are no times. What the field of the expression or that of the zone says is not told again. */
function Fault({ error, isTold }: { error: Error; isTold: boolean }) {
  if (getFieldError(error, "time_zone"))
    return <p className={styles.none}>No times: the time zone is not known.</p>;
  if (isTold) return <p className={styles.none}>No times: the expression cannot be read.</p>;
  return (
    <StateMark state="failed" className={styles.fault}>
      <span>{error.message}</span>
    </StateMark>
  );
}

function NextTime({ time: { at, change } }: { time: PreviewedTime }) {
  return (
    <li>
      <time dateTime={at}>{formatWallTime(at)}</time>
      {change ? (
        <span className={styles.change}>{change === "moved" ? "clocks skip" : "the first of two"}</span>
      ) : null}
    </li>
  );
}

/** Where published versions of the flow start by themselves. The draft never does. */
function StartsNote({ flow, readOnly }: { flow: string; readOnly: boolean }) {
  const { data: schedules } = useSchedules(flow);
  if (!schedules) return null;
  if (schedules.length === 0)
    return (
      <p className={styles.note}>
        Nothing starts by itself yet. Publish the flow: the published version starts, the draft never does.
      </p>
    );
  return (
    <ul className={styles.note} aria-label="Where it starts by itself">
      {schedules.map((schedule) => (
        <li key={schedule.id}>
          <Start schedule={schedule} />
          {readOnly ? null : (
            <>
              {" "}
              <Link to="/queue">Queue</Link>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function Start({ schedule }: { schedule: Schedule }) {
  return (
    <>
      Version {schedule.revision} starts in <b>{schedule.environment}</b>
      {describeNext(schedule)}.
    </>
  );
}

function describeNext({ due_at: at, time_zone: zone, is_on: isOn }: Schedule): string {
  if (!isOn) return ", but is switched off";
  return at ? `, next ${formatInZone(at, zone)}` : ", at no further time";
}
