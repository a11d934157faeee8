import type { ScopeVariable } from "../../../api/types";
import type { PropertyDraft } from "./property-draft";
import styles from "./PropertyField.module.css";
import { summarizeValue, findType, formatType, findValue } from "../picker/scope";

interface LastValueLineProps {
  draft: PropertyDraft;
  scope: ScopeVariable[];
  lastOutputs: Record<string, unknown>;
}

/** The type of the chosen variable, and its value in the last run. */
export function LastValueLine({ draft, scope, lastOutputs }: LastValueLineProps) {
  if (draft.mode !== "variable" || !draft.variable) return null;
  const type = findType(scope, draft.variable);
  const lastValue = findValue(lastOutputs, draft.variable);
  if (type === null && lastValue === undefined) return null;
  return (
    <p className={styles.help}>
      {type === null ? null : `${formatType(type)}. `}
      {lastValue === undefined ? null : (
        <>
          In the last run: <span className={styles.held}>{summarizeValue(lastValue)}</span>
        </>
      )}
    </p>
  );
}
