import { useNodeRun } from "./card-state";
import { Icon } from "../../../ui/icons/Icon";
import styles from "./FailureNote.module.css";

/** Shows why a node failed and what to do. It lies below the card, so that nothing moves. */
export function FailureNote({ node }: { node: string }) {
  const error = useNodeRun(node)?.error;
  if (!error) return null;
  return (
    <p className={`${styles.note ?? ""} nodrag`}>
      <Icon name="failed" size={14} />
      <span>
        {error.message} {error.hint ? <span className={styles.hint}>{error.hint}</span> : null}
      </span>
    </p>
  );
}
