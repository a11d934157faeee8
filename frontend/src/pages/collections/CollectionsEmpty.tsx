import { Button } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import styles from "./CollectionsEmpty.module.css";

export function CollectionsEmpty({ onNew }: { onNew?: () => void }) {
  return (
    <EmptyState
      drawing={<Drawing />}
      title={onNew ? "Give flows something to read" : "No collections yet"}
      actions={
        onNew ? (
          <Button kind="solid" size="l" icon="add" onClick={onNew}>
            New collection
          </Button>
        ) : null
      }
    >
      A collection holds documents, cut into chunks that a flow can search.{" "}
      {onNew
        ? "Upload texts, web pages and PDFs, then search them."
        : "An editor of this workspace can make one."}
    </EmptyState>
  );
}

/** Documents that become chunks; a search finds one of them. */
function Drawing() {
  return (
    <svg className={styles.drawing} width="272" height="96" viewBox="0 0 272 96" aria-hidden="true">
      <g className={styles.card}>
        <rect x="13" y="9" width="64" height="72" rx="8" />
        <rect x="1" y="17" width="64" height="72" rx="8" />
      </g>
      <path className={styles.text} d="M14 35h36M14 47h38M14 59h30M14 71h36" />
      <path className={styles.line} d="M86 48h42" />
      <g className={styles.chunk}>
        <rect x="137" y="13" width="40" height="20" rx="5" />
        <rect x="183" y="13" width="40" height="20" rx="5" />
        <rect x="229" y="13" width="40" height="20" rx="5" />
        <rect x="137" y="39" width="40" height="20" rx="5" />
        <rect x="229" y="39" width="40" height="20" rx="5" />
        <rect x="137" y="65" width="40" height="20" rx="5" />
        <rect x="183" y="65" width="40" height="20" rx="5" />
        <rect x="229" y="65" width="40" height="20" rx="5" />
      </g>
      <rect className={styles.found} x="183" y="39" width="40" height="20" rx="5" />
    </svg>
  );
}
