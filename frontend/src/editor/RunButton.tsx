import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";
import { Button } from "../ui/controls/Button";
import { Icon } from "../ui/icons/Icon";
import { Tooltip } from "../ui/overlays/Tooltip";
import { run } from "./commands/flow/run";
import { stop } from "./commands/flow/stop";
import { getShortcut } from "./commands/shortcuts";
import { useRunControls } from "./run-controls";
import styles from "./RunButton.module.css";

/** Run, or Stop while a run goes on: one button of one width, so that a double click hits no other button. */
export function RunButton() {
  const runControls = useRunControls();
  const isActive = useShownRun((shown) => isRunning(shown.state) || shown.pendingRequest !== null);
  const isStopping = useShownRun((shown) => shown.pendingRequest === "stop");
  if (isActive) {
    return (
      <Tooltip text={`Stop the run  ${getShortcut(stop)}`}>
        <Button size="l" className={styles.button} busy={isStopping} onClick={() => void runControls.stop()}>
          <Icon name="stopped" size={14} className={styles.stop} />
          Stop
        </Button>
      </Tooltip>
    );
  }
  return (
    <Tooltip text={`Run with the trigger's test data  ${getShortcut(run)}`}>
      <Button size="l" kind="solid" className={styles.button} onClick={() => void runControls.run()}>
        <Icon name="play" size={14} />
        Run
      </Button>
    </Tooltip>
  );
}
