import type { ReportedStep } from "../../../api/types";
import { formatCount } from "../../../ui/format";
import { Icon, type IconName } from "../../../ui/icons/Icon";
import styles from "./import.module.css";

type Outcome = ReportedStep["outcome"];

const OUTCOMES: readonly { outcome: Outcome; title: string; icon: IconName }[] = [
  { outcome: "left", title: "No counterpart", icon: "skip" },
  { outcome: "changed", title: "Changed", icon: "alert" },
  { outcome: "mapped", title: "The same here", icon: "works" },
];

/** What became of each step of another tool's flow, those first that need work. */
export function ImportReport({ tool, steps }: { tool: string; steps: ReportedStep[] }) {
  return (
    <section className={styles.report} aria-label="Report">
      <h3 className={styles.heading}>What becomes of the steps of {tool}</h3>
      <p className={styles.sub}>
        What has no counterpart stays in the flow as a disabled card or a note, which holds the original.
      </p>
      {OUTCOMES.map((group) => (
        <Group
          key={group.outcome}
          {...group}
          steps={steps.filter(({ outcome }) => outcome === group.outcome)}
        />
      ))}
    </section>
  );
}

interface GroupProps {
  outcome: Outcome;
  title: string;
  icon: IconName;
  steps: ReportedStep[];
}

function Group({ outcome, title, icon, steps }: GroupProps) {
  if (steps.length === 0) return null;
  return (
    <details className={styles.group} open={outcome !== "mapped"}>
      <summary>
        <Icon name={icon} size={14} />
        {title}: {formatCount(steps.length, "step")}
      </summary>
      <ul>
        {steps.map((step, place) => (
          <li key={place}>
            <b>{step.title}</b> <span className={styles.sub}>{step.kind}</span>
            {step.note ? <p>{step.note}</p> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}
