import { Button } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import drawing from "../../ui/feedback/drawing.module.css";
import styles from "./ApiKeysEmpty.module.css";

export function ApiKeysEmpty({ onNew }: { onNew: () => void }) {
  return (
    <EmptyState
      drawing={<Drawing />}
      title="Let a program call your flows"
      actions={
        <Button kind="solid" size="l" icon="add" onClick={onNew}>
          New API key
        </Button>
      }
    >
      A program signs in with an API key and receives the answer as it is streamed. Each key says what it may
      do, and can be revoked at any time.
    </EmptyState>
  );
}

/** A key, the messages that it allows, and the node that sends them. */
function Drawing() {
  return (
    <svg className={drawing.drawing} width="232" height="96" viewBox="0 0 232 96" aria-hidden="true">
      <g className={styles.key}>
        <circle cx="30" cy="55" r="15" />
        <path d="m41 44 29-29M58 27l9 9M49 36l6 6" />
      </g>
      <path className={styles.messages} d="M84 48h34" />
      <rect className={drawing.card} x="134" y="12" width="96" height="72" rx="8" />
      <path className={drawing.action} d="M134 20a8 8 0 0 1 8-8h80a8 8 0 0 1 8 8v-4h-96z" />
      <path className={drawing.text} d="M147 38h70M147 52h42M147 66h56" />
    </svg>
  );
}
