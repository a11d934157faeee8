import { memo } from "react";
import { shortenId } from "../run/format";
import type { Turn } from "../run/conversation";
import { useShownRun } from "../run/useShownRun";
import { joinClasses } from "../ui/classes";
import { formatDuration } from "../ui/format";
import { type MarkedState, StateMark } from "../ui/feedback/StateMark";
import text from "../ui/text.module.css";
import { Answer } from "./Answer";
import { describeInput } from "./describe-input";
import { LiveAnswer } from "./LiveAnswer";
import { RunFeedback } from "./RunFeedback";
import type { ShowRun } from "./RunPanel";
import { SentInput } from "./SentInput";
import styles from "./TurnView.module.css";

interface TurnViewProps {
  turn: Turn;
  /** Its run is the one on the canvas. */
  isShown: boolean;
  onShowRun: ShowRun;
}

/** A question, its answer, and the run that gave it. Only the turn whose run goes on is drawn again and again. */
export const TurnView = memo(function TurnView({ turn, isShown, onShowRun }: TurnViewProps) {
  const { run, input, record } = turn;
  return (
    <article className={styles.turn} aria-label={describeInput(input).slice(0, MAX_LABEL_CHARACTERS)}>
      <SentInput input={input} />
      {record ? <Answer record={record} isActive={false} /> : isShown ? <LiveAnswer /> : null}
      {isShown ? <RunFeedback /> : null}
      <button
        type="button"
        className={joinClasses(styles.run, isShown && styles.shown)}
        aria-current={isShown || undefined}
        onClick={() => {
          if (!isShown) onShowRun(run, input);
        }}
      >
        <span className={text.hidden}>Show run: </span>
        {record ? (
          <RunOutcome state={record.state.status} ms={record.state.duration_ms} />
        ) : isShown ? (
          <LiveOutcome />
        ) : (
          <StateMark state="running" />
        )}
        <span className={text.code}>{shortenId(run)}</span>
        {isShown ? <span>on the canvas</span> : null}
      </button>
    </article>
  );
});

const MAX_LABEL_CHARACTERS = 80;

function LiveOutcome() {
  const status = useShownRun((shown) => shown.state.status);
  const ms = useShownRun((shown) => shown.state.duration_ms);
  return <RunOutcome state={status} ms={ms} />;
}

function RunOutcome({ state, ms }: { state: MarkedState; ms: number | null }) {
  return (
    <>
      <StateMark state={state} />
      {ms === null ? null : <span>{formatDuration(ms)}</span>}
    </>
  );
}
