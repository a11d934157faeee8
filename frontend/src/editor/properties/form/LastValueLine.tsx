import type { ScopeVariable } from "../../../api/types";
import type { PropertyDraft } from "./property-draft";
import styles from "./PropertyField.module.css";
import { summarizeValue, findType, formatType, findValue } from "../picker/scope";

interface LastValueLineProps {
  draft: PropertyDraft;
  scope: ScopeVariable[];
  lastOutputs: Record<string, unknown>;
}

/** Of the variable that is chosen: its type, and what it held in the last run. */
export function LastValueLine({ draft, scope, lastOutputs }: LastValueLineProps) {
  if (draft.mode !== "variable" || !draft.variable) return null;
  const type = findType(scope, draft.variable);
  const held = findValue(lastOutputs, draft.variable);
  if (type === null && held === undefined) return null;
  return (
    <p className={styles.help}>
      {type === null ? null : `${formatType(type)}. `}
      {held === undefined ? null : (
        <>
          In the last run: <span className={styles.held}>{summarizeValue(held)}</span>
        </>
      )}
    </p>
  );
}
