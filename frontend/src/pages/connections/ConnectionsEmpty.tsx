import type { ConnectionKind } from "../../api/types";
import { EmptyState } from "../../ui/feedback/EmptyState";
import drawing from "../../ui/feedback/drawing.module.css";
import styles from "./ConnectionsEmpty.module.css";
import { NewConnectionButton } from "./NewConnectionButton";

interface ConnectionsEmptyProps {
  kinds: ConnectionKind[];
  onChoose: (kind: ConnectionKind) => void;
}

export function ConnectionsEmpty({ kinds, onChoose }: ConnectionsEmptyProps) {
  return (
    <EmptyState
      drawing={<Drawing />}
      title="Connect a model"
      actions={<NewConnectionButton kinds={kinds} onChoose={onChoose} />}
    >
      A connection holds an address and a key, so that flows can use a service and nobody has to see its key.
      Every flow of this workspace can use it.
    </EmptyState>
  );
}

/** A node, and the plug that it needs. */
function Drawing() {
  return (
    <svg className={drawing.drawing} width="216" height="96" viewBox="0 0 216 96" aria-hidden="true">
      <rect className={drawing.card} x="1" y="12" width="96" height="72" rx="8" />
      <path className={drawing.action} d="M1 20a8 8 0 0 1 8-8h80a8 8 0 0 1 8 8v-4H1z" />
      <path className={drawing.text} d="M14 38h42M14 52h70M14 66h56" />
      <path className={styles.line} d="M98 48h44" />
      <rect className={drawing.card} x="150" y="22" width="52" height="52" rx="26" />
      <g className={styles.plug}>
        <path d="M171 37v7M181 37v7M167 44h18v5a9 9 0 0 1-18 0zM176 58v5" />
      </g>
    </svg>
  );
}
