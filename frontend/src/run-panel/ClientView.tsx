import { memo } from "react";
import type { Json, RunEvent } from "../api/types";
import { Button } from "../ui/controls/Button";
import { Caret } from "../ui/feedback/Caret";
import { formatCount } from "../ui/format";
import { Notice } from "../ui/feedback/Notice";
import { StateMark } from "../ui/feedback/StateMark";
import styles from "./ClientView.module.css";
import { type ComposeOptions, Compose } from "./Compose";
import { hasContent, getPrompt } from "../run/format";
import { SpokenAnswer } from "./SpokenAnswer";
import { isRunning, shownRunStore } from "../run/store";
import { useShownRun } from "../run/useShownRun";
import { useFollowEnd } from "./useFollowEnd";

/** Shows what a client of the flow receives, while it receives it. */
export function ClientView({ ask }: { ask: ComposeOptions | null }) {
  // The last line counts as one more character, so that the view follows it too.
  const length = useShownRun(({ state }) => state.text.length + (state.status === "running" ? 0 : 1));
  const run = useShownRun((shown) => shown.run);
  const { scroller, isAtEnd, scrollToEnd, onScroll } = useFollowEnd(length, run);
  return (
    <div className={styles.talk}>
      <div className={styles.turns} ref={scroller} onScroll={onScroll} tabIndex={0} aria-label="Answer">
        <div className={styles.push} />
        <SentInput />
        <Answer />
        <Warnings />
        <Ending />
        <ExpiredLog />
      </div>
      {isAtEnd ? null : (
        <Button className={styles.newest} icon="below" onClick={scrollToEnd}>
          Newest
        </Button>
      )}
      <SpokenAnswer />
      {ask ? <Compose ask={ask} /> : null}
    </div>
  );
}

/** The input that the client sent: the prompt of a chat, otherwise the JSON. */
function SentInput() {
  const input = useShownRun((shown) => shown.input);
  const prompt = getPrompt(input);
  if (prompt) return <p className={styles.mine}>{prompt}</p>;
  return hasContent(input) ? (
    <pre className={`${styles.mine ?? ""} ${styles.body ?? ""}`}>{JSON.stringify(input, null, 2)}</pre>
  ) : null;
}

function Answer() {
  const text = useShownRun((shown) => shown.state.text);
  const isActive = useShownRun((shown) => isRunning(shown.state));
  const items = useShownRun((shown) => shown.state.items);
  if (text === "" && items > 0) return <Values />;
  const paragraphs = text === "" ? [] : text.split(/\n{2,}/);
  return (
    <div className={styles.answer} aria-live="off">
      {paragraphs.map((paragraph, index) => (
        <Paragraph key={index} text={paragraph} caret={isActive && index === paragraphs.length - 1} />
      ))}
      {isActive && paragraphs.length === 0 ? <Caret /> : null}
    </div>
  );
}

/** A paragraph of the answer. Only the one that grows is drawn again. */
const Paragraph = memo(function Paragraph({ text, caret }: { text: string; caret: boolean }) {
  return (
    <p className={styles.paragraph}>
      {text}
      {caret ? <Caret /> : null}
    </p>
  );
});

const MAX_SHOWN_VALUES = 50;

/** The yielded values that are not text. A client receives them as JSON. */
function Values() {
  const logged = useShownRun((shown) => shown.eventCount);
  const values = shownRunStore.getState().log.slice(0, logged).filter(isValue).slice(-MAX_SHOWN_VALUES);
  return (
    <div className={styles.answer}>
      {values.map((event) => (
        <Value key={event.seq} value={event.value ?? null} />
      ))}
    </div>
  );
}

function isValue(event: RunEvent): event is Extract<RunEvent, { type: "item" }> {
  return event.type === "item" && event.text === undefined;
}

function Value({ value }: { value: Json }) {
  return <pre className={styles.value}>{JSON.stringify(value, null, 2)}</pre>;
}

/** What is not as asked in this run, such as an answer that was cut; each sentence once. */
function Warnings() {
  const warnings = useShownRun((shown) => shown.state.warnings);
  const sentences = new Map(warnings.map(({ message, hint }) => [message, hint]));
  return [...sentences].map(([message, hint]) => (
    <div key={message} className={styles.told}>
      <Notice kind="warning">
        <b>Warning.</b> {message} {hint}
      </Notice>
    </div>
  ));
}

const refusalTitles = { start: "Not run.", stop: "Not stopped.", show: "Not shown." };

/** Shows how the run ended where the answer does not show it, or why the run did not start. */
function Ending() {
  const { status, error, result, items } = useShownRun((shown) => shown.state);
  const refusal = useShownRun((shown) => shown.refusal);
  const refused = useShownRun((shown) => refusalTitles[shown.refusedRequest]);
  if (refusal) return <FailureNotice title={refused} message={refusal.message} hint={refusal.hint ?? null} />;
  if (status === "failed" && error)
    return <FailureNotice title="Failed." message={error.message} hint={error.hint} />;
  if (status === "cancelled")
    return <StateMark state="cancelled">Stopped. The client keeps what it has received.</StateMark>;
  if (status === "interrupted")
    return <FailureNotice title="Interrupted." message={error?.message ?? ""} hint={null} />;
  if (status !== "completed" || items > 0) return null;
  if (result === null)
    return <StateMark state="done">Completed. The flow yielded and returned nothing.</StateMark>;
  return typeof result === "string" ? <p className={styles.paragraph}>{result}</p> : <Value value={result} />;
}

/** Says that the log of an old run was deleted. */
function ExpiredLog() {
  const days = useShownRun((shown) => shown.deletedAfterDays);
  const lost = useShownRun(({ state }) => state.text === "" && state.items > 0);
  if (days === null) return null;
  return (
    <p className={styles.kept}>
      The log of this run was deleted {formatCount(days, "day")} after it ended.{" "}
      {lost ? "The values that it yielded were in it." : "What the client received is kept."}
    </p>
  );
}

function FailureNotice({ title, message, hint }: { title: string; message: string; hint: string | null }) {
  return (
    <div className={styles.told}>
      <Notice kind="failed">
        <b>{title}</b> {message} {hint}
      </Notice>
    </div>
  );
}
