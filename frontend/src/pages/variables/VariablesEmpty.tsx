import { Button } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import drawing from "../../ui/feedback/drawing.module.css";
import styles from "./variables.module.css";

export function VariablesEmpty({ onNew }: { onNew: () => void }) {
  return (
    <EmptyState
      drawing={<Drawing />}
      title="Keep what differs out of the flow"
      actions={
        <Button kind="solid" size="l" icon="add" onClick={onNew}>
          New variable
        </Button>
      }
    >
      A variable has a value of its own in development, test and production. Every expression of this
      workspace reads it as env.NAME, and what is published takes the value of its environment.
    </EmptyState>
  );
}

/** Three values, and the node that takes one of them. */
function Drawing() {
  return (
    <svg className={drawing.drawing} width="232" height="96" viewBox="0 0 232 96" aria-hidden="true">
      {[14, 38, 62].map((y) => (
        <rect key={y} className={drawing.card} x="1" y={y} width="82" height="20" rx="6" />
      ))}
      <path className={drawing.text} d="M12 24h30M12 48h44" />
      <path className={styles.values} d="M12 72h52" />
      <path className={styles.line} d="M84 72h20V48h28" />
      <rect className={drawing.card} x="134" y="12" width="96" height="72" rx="8" />
      <path className={drawing.action} d="M134 20a8 8 0 0 1 8-8h80a8 8 0 0 1 8 8v-4h-96z" />
      <path className={drawing.text} d="M147 38h42M147 66h56" />
      <path className={styles.values} d="M147 52h52" />
    </svg>
  );
}
