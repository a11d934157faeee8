import type { ScopeVariable } from "../../../api/types";
import type { Draft } from "./draft";
import styles from "./PropertyField.module.css";
import { shortValue, typeAt, typeWords, valueAt } from "../picker/scope";

interface HeldLineProps {
  draft: Draft;
  scope: ScopeVariable[];
  lastOutputs: Record<string, unknown>;
}

/** Of the variable that is chosen: its type, and what it held in the last run. */
export function HeldLine({ draft, scope, lastOutputs }: HeldLineProps) {
  if (draft.mode !== "variable" || !draft.variable) return null;
  const type = typeAt(scope, draft.variable);
  const held = valueAt(lastOutputs, draft.variable);
  if (type === null && held === undefined) return null;
  return (
    <p className={styles.help}>
      {type === null ? null : `${typeWords(type)}. `}
      {held === undefined ? null : (
        <>
          In the last run: <span className={styles.held}>{shortValue(held)}</span>
        </>
      )}
    </p>
  );
}
