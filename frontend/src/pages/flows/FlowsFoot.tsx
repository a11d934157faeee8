import type { FlowRow } from "../../api/types";
import page from "../resource/resource.module.css";
import { joinClasses } from "../../ui/classes";
import { formatNumber } from "../../ui/format";
import text from "../../ui/text.module.css";
import styles from "./FlowsFoot.module.css";

/** The sums of the table. */
export function FlowsFoot({ flows }: { flows: FlowRow[] }) {
  const hours = flows.flatMap((flow) => flow.hours);
  const runs = flows.reduce((sum, flow) => sum + flow.runs_24h, 0);
  const failed = hours.reduce((sum, hour) => sum + hour.failed, 0);
  return (
    <div className={page.foot}>
      <span>
        <b>{formatNumber(runs)}</b> {runs === 1 ? "run" : "runs"}
      </span>
      <span>
        <b>{formatNumber(failed)}</b> failed
      </span>
      {failed ? <span className={joinClasses(styles.key, text.muted)}>An hour with a failed run</span> : null}
    </div>
  );
}
