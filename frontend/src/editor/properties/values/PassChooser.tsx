import { useState } from "react";
import { IconButton } from "../../../ui/controls/Button";
import { formatNumber } from "../../../ui/format";
import { findNeighbour, type Ranges } from "./passes";
import styles from "./values.module.css";

interface PassChooserProps {
  count: number;
  kept: Ranges;
  value: number;
  onChange: (pass: number) => void;
}

/** Chooses one of the passes of a node that ran several times, among those that are kept. */
export function PassChooser({ count, kept, value, onChange }: PassChooserProps) {
  const before = findNeighbour(kept, value, -1);
  const after = findNeighbour(kept, value, 1);
  return (
    <div className={styles.passes} role="group" aria-label="Pass">
      <IconButton
        icon="right"
        label="Pass before"
        className={styles.back}
        reason={before === null ? "No earlier pass is kept" : null}
        onClick={() => before === null || onChange(before)}
      />
      <label className={styles.pass}>
        Pass
        {/* Made anew when the pass changes, so that it shows the new one. */}
        <PassInput key={value} value={value} count={count} onChange={onChange} />
        of {formatNumber(count)}
      </label>
      <IconButton
        icon="right"
        label="Pass after"
        reason={after === null ? "No later pass is kept" : null}
        onClick={() => after === null || onChange(after)}
      />
    </div>
  );
}

function PassInput({ value, count, onChange }: Omit<PassChooserProps, "kept">) {
  const [typed, setTyped] = useState(String(value));
  const take = (): void => {
    const number = Number(typed);
    if (Number.isInteger(number) && number >= 1 && number <= count) onChange(number);
    else setTyped(String(value));
  };
  return (
    <input
      className={styles.number}
      inputMode="numeric"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === "Enter") take();
      }}
    />
  );
}
