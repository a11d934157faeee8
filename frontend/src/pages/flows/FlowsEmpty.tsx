import { Button, LinkButton } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import styles from "./FlowsEmpty.module.css";
import { ImportButton } from "./import/ImportButton";

interface FlowsEmptyProps {
  /** Both are absent for a person who may not add flows. */
  onNew?: () => void;
  onImport?: (files: File[]) => void;
}

export function FlowsEmpty({ onNew, onImport }: FlowsEmptyProps) {
  return (
    <EmptyState
      drawing={<Drawing />}
      title={onNew ? "Draw your first flow" : "No flows yet"}
      actions={
        onNew ? (
          <>
            <Button kind="solid" size="l" icon="add" onClick={onNew}>
              New flow
            </Button>
            <LinkButton to="/flows/templates" size="l" icon="template">
              Templates
            </LinkButton>
            {onImport ? <ImportButton onFiles={onImport} /> : null}
          </>
        ) : null
      }
    >
      A flow takes a request, works through its nodes and streams the answer back.{" "}
      {onNew
        ? "Begin with a template, or draw its nodes on the canvas."
        : "An editor of this workspace can draw one."}
    </EmptyState>
  );
}

/** Three nodes: a request arrives, an answer is written, and its messages leave. */
function Drawing() {
  return (
    <svg className={styles.drawing} width="344" height="96" viewBox="0 0 344 96" aria-hidden="true">
      <g className={styles.card}>
        <rect x="1" y="22" width="84" height="44" rx="8" />
        <rect x="130" y="12" width="96" height="72" rx="8" />
        <rect x="271" y="22" width="72" height="44" rx="8" />
      </g>
      <path className={styles.trigger} d="M1 30a8 8 0 0 1 8-8h68a8 8 0 0 1 8 8v-4H1z" />
      <path className={styles.action} d="M130 20a8 8 0 0 1 8-8h80a8 8 0 0 1 8 8v-4h-96z" />
      <path className={styles.action} d="M271 30a8 8 0 0 1 8-8h56a8 8 0 0 1 8 8v-4h-72z" />
      <path className={styles.edge} d="M90 46h34" />
      <path className={styles.messages} d="M232 46h33" />
      <path className={styles.text} d="M142 36h72M142 48h72M142 60h40" />
      <path className={styles.caret} d="M187 55v10" />
    </svg>
  );
}
