import type { AuditEntry } from "../../api/types";
import { formatAgo, formatExact } from "../../ui/format";
import text from "../../ui/text.module.css";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceTable } from "../resource/ResourceTable";
import type { AuditFilter } from "./audit-filter";
import styles from "./AuditLogPage.module.css";
import { describeDeed } from "./deeds";

interface AuditTableProps {
  entries: AuditEntry[];
  /** The name of who did something was pressed: what else did they do? */
  onChooseActor: (actor: AuditFilter["actor"]) => void;
}

export function AuditTable({ entries, onChooseActor }: AuditTableProps) {
  const who: ResourceColumn<AuditEntry> = {
    title: "Who",
    render: ({ actor: { id, name } }) =>
      id ? (
        <button
          type="button"
          className={styles.actor}
          title={`Show only what ${name} did`}
          onClick={() => onChooseActor({ id, name })}
        >
          {name}
        </button>
      ) : (
        name
      ),
  };
  return <ResourceTable label="Audit log" columns={[when, who, ...columns]} items={entries} />;
}

const when: ResourceColumn<AuditEntry> = {
  title: "When",
  className: text.num,
  render: ({ at }) => (
    <>
      {formatAgo(at)}
      <span className={page.sub}>{formatExact(at)}</span>
    </>
  ),
};

const columns: ResourceColumn<AuditEntry>[] = [
  {
    title: "What",
    getHint: describeDeed,
    render: (entry) => <span className={styles.deed}>{describeDeed(entry)}</span>,
  },
  {
    title: "More",
    className: page.spare,
    render: ({ detail }) => <span className={text.muted}>{detail}</span>,
  },
];
