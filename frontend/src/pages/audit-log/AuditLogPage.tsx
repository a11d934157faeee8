import { useState } from "react";
import { getExportAddress, useAuditLog } from "../../api/audit-log";
import { Button, LinkButton } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { useIsAdmin } from "../account/session";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { PageHead } from "../resource/PageHead";
import { AuditFilters } from "./AuditFilters";
import styles from "./AuditLogPage.module.css";
import { AuditTable } from "./AuditTable";
import { type AuditFilter, everything, toQuery } from "./audit-filter";

export function AuditLogPage() {
  return useIsAdmin() ? <AuditLog /> : <AdminsOnlyPage title="Entries of the audit log" />;
}

function AuditLog() {
  const [filter, setFilter] = useState(everything);
  const query = toQuery(filter);
  return (
    <main>
      <PageHead title="Audit log">
        <LinkButton to={getExportAddress(query, "csv")} reloadDocument size="l" icon="below">
          Export CSV
        </LinkButton>
        <LinkButton to={getExportAddress(query, "jsonl")} reloadDocument size="l" icon="below">
          Export JSON
        </LinkButton>
      </PageHead>
      <AuditFilters filter={filter} onChange={setFilter} />
      <Entries filter={filter} onChange={setFilter} />
    </main>
  );
}

interface EntriesProps {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}

function Entries({ filter, onChange }: EntriesProps) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useAuditLog(
    toQuery(filter),
  );
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  if (!data && error)
    return <PageError title="The audit log cannot be shown" error={error} onAct={() => void refetch()} />;
  if (!data) return <SkeletonRows label="Loading the audit log" />;
  if (entries.length === 0)
    return (
      <EmptyState
        title="Nothing matches these filters"
        actions={
          <Button size="l" onClick={() => onChange(everything)}>
            Show everything
          </Button>
        }
      >
        No entry of this person, kind and time is in the log. Entries are kept as long as the workspace.
      </EmptyState>
    );
  return (
    <>
      <AuditTable entries={entries} onChooseActor={(actor) => onChange({ ...filter, actor })} />
      <div className={styles.foot}>
        {hasNextPage ? (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Loading" : "Load earlier entries"}
          </Button>
        ) : (
          "These are all entries."
        )}
      </div>
    </>
  );
}
