import { memo } from "react";
import type { Json, RunWarning } from "../api/types";
import type { RunRecord } from "../run/record";
import { formatCount } from "../ui/format";
import { Notice } from "../ui/feedback/Notice";
import { StateMark } from "../ui/feedback/StateMark";
import { AnswerText } from "./AnswerText";
import styles from "./ClientView.module.css";

interface AnswerProps {
  record: RunRecord;
  /** The run goes on. */
  isActive: boolean;
}

/** What a client has received of a run, what is not as asked, and how the run ended. */
export function Answer({ record, isActive }: AnswerProps) {
  const { state, values } = record;
  return (
    <>
      {state.text === "" && state.items > 0 ? (
        <Values values={values} />
      ) : (
        <AnswerText text={state.text} isActive={isActive} />
      )}
      <Warnings warnings={state.warnings} />
      <Ending record={record} />
      <ExpiredLog record={record} />
    </>
  );
}

/** The yielded values that are not text. A client receives them as JSON. */
function Values({ values }: { values: readonly Json[] }) {
  return (
    <div className={styles.answer}>
      {values.map((value, index) => (
        <Value key={index} value={value} />
      ))}
    </div>
  );
}

function Value({ value }: { value: Json }) {
  return <pre className={styles.value}>{JSON.stringify(value, null, 2)}</pre>;
}

/** What is not as asked in this run, such as an answer that was cut; each sentence once. */
const Warnings = memo(function Warnings({ warnings }: { warnings: readonly RunWarning[] }) {
  const sentences = new Map(warnings.map(({ message, hint }) => [message, hint]));
  return [...sentences].map(([message, hint]) => (
    <div key={message} className={styles.told}>
      <Notice kind="warning">
        <b>Warning.</b> {message} {hint}
      </Notice>
    </div>
  ));
});

/** Shows how the run ended where the answer does not show it. */
function Ending({ record: { state } }: { record: RunRecord }) {
  const { status, error, result, items } = state;
  if (status === "failed" && error)
    return <FailureNotice title="Failed." message={error.message} hint={error.hint} />;
  if (status === "cancelled")
    return <StateMark state="cancelled">Stopped. The client keeps what it has received.</StateMark>;
  if (status === "interrupted")
    return <FailureNotice title="Interrupted." message={error?.message ?? ""} hint={null} />;
  if (status !== "completed" || items > 0) return null;
  if (result === null)
    return <StateMark state="done">Completed. The flow yielded and returned nothing.</StateMark>;
  return typeof result === "string" ? (
    <AnswerText text={result} isActive={false} />
  ) : (
    <Value value={result} />
  );
}

/** Says that the log of an old run was deleted. */
function ExpiredLog({ record: { state, deletedAfterDays } }: { record: RunRecord }) {
  if (deletedAfterDays === null) return null;
  const isLost = state.text === "" && state.items > 0;
  return (
    <p className={styles.kept}>
      The log of this run was deleted {formatCount(deletedAfterDays, "day")} after it ended.{" "}
      {isLost ? "The values that it yielded were in it." : "What the client received is kept."}
    </p>
  );
}

export function FailureNotice({
  title,
  message,
  hint,
}: {
  title: string;
  message: string;
  hint: string | null;
}) {
  return (
    <div className={styles.told}>
      <Notice kind="failed">
        <b>{title}</b> {message} {hint}
      </Notice>
    </div>
  );
}
