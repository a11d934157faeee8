import { formatDuration } from "../ui/format";
import { Icon } from "../ui/icons/Icon";
import { StateMark } from "../ui/feedback/StateMark";
import text from "../ui/text.module.css";
import { Tooltip } from "../ui/overlays/Tooltip";
import { useRunMs } from "../run/useRunMs";
import { formatElapsed, shortenId } from "../run/format";
import styles from "./RunHead.module.css";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

/** State, time and id of the run that is shown. */
export function RunHead() {
  const run = useShownRun((shown) => shown.run);
  const asked = useShownRun((shown) => shown.pendingRequest);
  const status = useShownRun((shown) => shown.state.status);
  return (
    <div className={styles.head}>
      <ConnectionNote />
      {run !== null || asked === "start" ? (
        <StateMark state={status}>{getRequestTitle(asked)}</StateMark>
      ) : null}
      {run === null ? null : (
        <>
          <RunTime />
          <SimulatorNote />
          <Tooltip text={`Run ${run}`} side="top">
            <span className={`${text.code ?? ""} ${styles.id ?? ""}`} tabIndex={0}>
              {shortenId(run)}
            </span>
          </Tooltip>
        </>
      )}
    </div>
  );
}

function getRequestTitle(asked: "start" | "stop" | null): string | undefined {
  if (asked === "start") return "Starting";
  return asked === "stop" ? "Stopping" : undefined;
}

function RunTime() {
  const going = useShownRun((shown) => isRunning(shown.state));
  const clock = useShownRun((shown) => shown.clock);
  const took = useShownRun((shown) => shown.state.duration_ms);
  const ms = useRunMs(clock, going);
  return <span className={styles.time}>{took === null ? formatElapsed(ms) : formatDuration(took)}</span>;
}

/** Never quiet about it: what answers is not a model. */
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

const connectionTitles = {
  connecting: null,
  open: null,
  lost: "Connection lost, trying again",
  signed_out: "Signed out",
  gone: "This flow is gone",
};

function ConnectionNote() {
  const word = useShownRun((shown) => connectionTitles[shown.connection]);
  if (word === null) return null;
  return (
    <span className={styles.warning} role="status">
      <Icon name="alert" size={14} />
      {word}
    </span>
  );
}
