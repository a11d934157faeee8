import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";
import { Button } from "../ui/controls/Button";
import { Icon } from "../ui/icons/Icon";
import { Tooltip } from "../ui/overlays/Tooltip";
import { keysOf } from "./commands/keys";
import { useRunControls } from "./run-controls";
import styles from "./RunButton.module.css";

/** Run or Stop: one button, of one width, so that a second press never meets another one. */
export function RunButton() {
  const acts = useRunControls();
  const going = useShownRun((shown) => isRunning(shown.state) || shown.pendingRequest !== null);
  const stopping = useShownRun((shown) => shown.pendingRequest === "stop");
  if (going) {
    return (
      <Tooltip text={`Stop the run  ${keysOf("stop")}`}>
        <Button size="l" className={styles.button} busy={stopping} onClick={() => void acts.stop()}>
          <Icon name="stopped" size={14} className={styles.stop} />
          Stop
        </Button>
      </Tooltip>
    );
  }
  return (
    <Tooltip text={`Run with the trigger's test data  ${keysOf("run")}`}>
      <Button size="l" kind="solid" className={styles.button} onClick={() => void acts.run()}>
        <Icon name="play" size={14} />
        Run
      </Button>
    </Tooltip>
  );
}
