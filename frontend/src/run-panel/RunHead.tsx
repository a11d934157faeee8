import { useStore } from "zustand";
import { useRunFeedback } from "../api/feedback";
import { isServerReady, serverStateStore } from "../api/server-state";
import type { ConnectionState } from "../run/socket";
import { formatDuration } from "../ui/format";
import { Icon } from "../ui/icons/Icon";
import { StateMark } from "../ui/feedback/StateMark";
import text from "../ui/text.module.css";
import { Tooltip } from "../ui/overlays/Tooltip";
import { useRunMs } from "../run/useRunMs";
import { formatElapsed, shortenId } from "../run/format";
import { FeedbackMark } from "./FeedbackMark";
import styles from "./RunHead.module.css";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

/** The state, the time and the id of the shown run. */
export function RunHead() {
  const run = useShownRun((shown) => shown.run);
  const revision = useShownRun((shown) => shown.revision);
  const pendingRequest = useShownRun((shown) => shown.pendingRequest);
  const status = useShownRun((shown) => shown.state.status);
  return (
    <div className={styles.head} role="group" aria-label="Shown run">
      <ConnectionNote />
      {run !== null || pendingRequest === "start" ? (
        <StateMark state={status}>{getRequestTitle(pendingRequest)}</StateMark>
      ) : null}
      {run === null ? null : (
        <>
          <RunTime />
          <SimulatorNote />
          <FeedbackNote />
          <Tooltip text={revision === null ? `Run ${run}` : `Run ${run}, version ${revision}`} side="top">
            <span className={`${text.code ?? ""} ${styles.id ?? ""}`} tabIndex={0}>
              {shortenId(run)}
            </span>
          </Tooltip>
        </>
      )}
    </div>
  );
}

function getRequestTitle(pendingRequest: "start" | "stop" | null): string | undefined {
  if (pendingRequest === "start") return "Starting";
  return pendingRequest === "stop" ? "Stopping" : undefined;
}

function RunTime() {
  const isActive = useShownRun((shown) => isRunning(shown.state));
  const clock = useShownRun((shown) => shown.clock);
  const took = useShownRun((shown) => shown.state.duration_ms);
  const ms = useRunMs(clock, isActive);
  return <span className={styles.time}>{took === null ? formatElapsed(ms) : formatDuration(took)}</span>;
}

/** Says that the answer comes from the simulator and not from a model. */
function SimulatorNote() {
  const simulator = useShownRun((shown) => shown.state.simulator);
  if (!simulator) return null;
  return (
    <span className={styles.warning} title="The answer comes from the simulator, not from a real model.">
      <Icon name="alert" size={14} />
      Simulator
    </span>
  );
}

function FeedbackNote() {
  const run = useShownRun((shown) => shown.run);
  const hasEnded = useShownRun((shown) => !isRunning(shown.state));
  const { data: feedback } = useRunFeedback(run, hasEnded);
  return feedback ? <FeedbackMark feedback={feedback} /> : null;
}

const connectionTitles: Partial<Record<ConnectionState, string>> = {
  lost: "Connection lost, trying again",
  gone: "This flow was deleted",
};

/** What is wrong with the connection of this flow alone. What is wrong with the server stands at the top of the page. */
function ConnectionNote() {
  const word = useShownRun((shown) => connectionTitles[shown.connection]);
  const isReady = useStore(serverStateStore, isServerReady);
  if (word === undefined || !isReady) return null;
  return (
    <span className={styles.warning} role="status">
      <Icon name="alert" size={14} />
      {word}
    </span>
  );
}
