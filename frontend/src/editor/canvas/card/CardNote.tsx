import type { RunWarning } from "../../../api/types";
import { Icon } from "../../../ui/icons/Icon";
import { useShownRun } from "../../../run/useShownRun";
import styles from "./CardNote.module.css";
import { type CardState, useNodeRun } from "./card-state";
import { isSaidOnRow } from "./cells";

/** Shows what went wrong in a node, and what to do. It lies below the card, so that nothing moves. */
export function CardNote({ node, state }: { node: string; state: CardState }) {
  return state === "failed" ? <FailureNote node={node} /> : <WarningNotes node={node} />;
}

function FailureNote({ node }: { node: string }) {
  const error = useNodeRun(node)?.error;
  if (!error) return null;
  return (
    <div className={`${styles.notes ?? ""} nodrag`} data-failure={node}>
      <Note icon="failed" message={error.message} hint={error.hint} />
    </div>
  );
}

const MAX_NOTES = 3;

/** The warnings of a node, each sentence once, unless a row of the card says them. */
function WarningNotes({ node }: { node: string }) {
  const all = useShownRun(({ state }) => state.warnings);
  const sentences = listSentences(all, node);
  if (sentences.length === 0) return null;
  return (
    <div className={`${styles.notes ?? ""} ${styles.warning ?? ""} nodrag`}>
      {sentences.slice(0, MAX_NOTES).map(([message, hint]) => (
        <Note key={message} icon="alert" message={message} hint={hint} />
      ))}
    </div>
  );
}

function listSentences(all: readonly RunWarning[], node: string) {
  const own = all.filter((warning) => warning.node === node && !isSaidOnRow(warning.code));
  return [...new Map(own.map(({ message, hint }) => [message, hint]))];
}

interface NoteProps {
  icon: "failed" | "alert";
  message: string;
  hint: string | null;
}

function Note({ icon, message, hint }: NoteProps) {
  return (
    <p className={styles.note}>
      <Icon name={icon} size={14} />
      <span>
        {message} {hint ? <span className={styles.hint}>{hint}</span> : null}
      </span>
    </p>
  );
}
