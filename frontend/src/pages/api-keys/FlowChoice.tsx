import { useId } from "react";
import { giveDistinctTitles } from "../../api/distinct-titles";
import type { FlowRow } from "../../api/types";
import { Checkbox } from "../../ui/controls/Checkbox";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { toggleValue } from "./api-key-draft";
import styles from "./FlowChoice.module.css";

interface FlowChoiceProps {
  /** Ids; null for all flows, including later ones. */
  chosen: string[] | null;
  flows: FlowRow[];
  error: string | null;
  onChange: (chosen: string[] | null) => void;
}

export function FlowChoice({ chosen, flows, error, onChange }: FlowChoiceProps) {
  const name = useId();
  return (
    <FieldGroup legend="Flows" error={error}>
      <Checkbox type="radio" name={name} checked={chosen === null} onChange={() => onChange(null)}>
        All flows of the workspace, also new ones
      </Checkbox>
      <Checkbox type="radio" name={name} checked={chosen !== null} onChange={() => onChange([])}>
        Only these
      </Checkbox>
      {chosen === null ? null : (
        <div className={styles.list} role="group" aria-label="Flows that the key may use">
          {giveDistinctTitles(flows).map(({ value, title }) => (
            <Checkbox
              key={value}
              checked={chosen.includes(value)}
              onChange={(on) => onChange(toggleValue(chosen, value, on))}
            >
              {title}
            </Checkbox>
          ))}
        </div>
      )}
    </FieldGroup>
  );
}
