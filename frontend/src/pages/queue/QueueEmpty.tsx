import { withBasePath } from "../../api/server-address";
import { LinkButton } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import drawing from "../../ui/feedback/drawing.module.css";
import styles from "./queue.module.css";

export function QueueEmpty() {
  return (
    <EmptyState
      drawing={<Drawing />}
      title="Nothing waits, and nothing runs"
      actions={
        <>
          <LinkButton to="/flows" kind="solid" size="l">
            All flows
          </LinkButton>
          <LinkButton to={withBasePath("/docs/schedules")} reloadDocument size="l">
            How schedules work
          </LinkButton>
        </>
      }
    >
      Runs are shown here while they go on, and those that failed. A flow that begins with the trigger
      Schedule, once it is published, stands here with its next time.
    </EmptyState>
  );
}

/** A clock, and the runs that it starts one after the other. */
function Drawing() {
  return (
    <svg className={drawing.drawing} width="232" height="96" viewBox="0 0 232 96" aria-hidden="true">
      <circle className={drawing.card} cx="40" cy="48" r="30" />
      <path className={styles.hands} d="M40 28v20l13 9" />
      <path className={styles.line} d="M70 48h34" />
      {[12, 38, 64].map((y) => (
        <rect key={y} className={drawing.card} x="106" y={y} width="124" height="20" rx="6" />
      ))}
      <path className={drawing.text} d="M118 22h52M118 48h76M118 74h40" />
    </svg>
  );
}
