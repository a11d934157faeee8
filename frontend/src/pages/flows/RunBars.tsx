import type { FlowRow } from "../../api/types";
import { formatCount } from "../../ui/format";
import styles from "./RunBars.module.css";

type Hours = FlowRow["hours"];

const BAR_STEP_PX = 5;
const BASE_LINE_PX = 24;
const MAX_BAR_PX = 22;
const MIN_BAR_PX = 1.5;

/** A bar for each of the last 24 hours. An hour with a failed run is red and has a mark below the line. */
export function RunBars({ hours }: { hours: Hours }) {
  const most = Math.max(1, ...hours.map((hour) => hour.runs));
  return (
    <svg
      className={styles.bars}
      width={hours.length * BAR_STEP_PX}
      height="29"
      role="img"
      aria-label={describeHours(hours)}
    >
      {hours.map((hour, index) => {
        const height = Math.max(MIN_BAR_PX, (hour.runs / most) * MAX_BAR_PX);
        return (
          <g key={index} className={hour.failed ? styles.failed : hour.runs ? undefined : styles.none}>
            <rect x={index * BAR_STEP_PX} y={BASE_LINE_PX - height} width="3.5" height={height} rx=".8" />
            {hour.failed ? <path d={`M${index * BAR_STEP_PX - 0.2} 27.5h4`} /> : null}
          </g>
        );
      })}
    </svg>
  );
}

function describeHours(hours: Hours): string {
  const runs = hours.reduce((sum, hour) => sum + hour.runs, 0);
  const failed = hours.reduce((sum, hour) => sum + hour.failed, 0);
  return `${formatCount(runs, "run")} in the last 24 hours, ${failed ? `${failed} failed` : "none failed"}`;
}
