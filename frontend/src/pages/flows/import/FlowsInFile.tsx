import type { FlowInFile } from "../../../api/types";
import { formatCount } from "../../../ui/format";
import { Icon } from "../../../ui/icons/Icon";
import styles from "./import.module.css";

/** The flows that would come: the exported one first, then those that it calls. */
export function FlowsInFile({ flows }: { flows: FlowInFile[] }) {
  return (
    <ul className={styles.flows} aria-label="Flows in the file">
      {flows.map((flow) => (
        <li key={flow.id}>
          <Icon name="flows" />
          <div className={styles.words}>
            <b>{flow.name}</b>
            <span className={styles.sub}>
              {formatCount(flow.node_count, "node")}
              {flow.note_count ? `, ${formatCount(flow.note_count, "note")}` : ""}
              {flow.problem_count
                ? `, ${formatCount(flow.problem_count, "problem")} to solve in the editor`
                : ""}
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
