import { useState } from "react";
import { useSearchParams } from "react-router";
import { useUsage } from "../../api/usage";
import type { WorkspaceUsage } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import { Notice } from "../../ui/feedback/Notice";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { PageHead } from "../resource/PageHead";
import { DayPlots } from "./DayPlots";
import { GroupTables } from "./GroupTables";
import { PricesDialog } from "./PricesDialog";
import { getLastDays, readFilter, toQuery, type UsageFilter, writeFilter } from "./usage-filter";
import { UsageFilters } from "./UsageFilters";
import styles from "./UsagePage.module.css";

/** What the runs of the workspace cost. The choice of days and filters is kept in the address. */
export function UsagePage() {
  const [address, setAddress] = useSearchParams();
  const [showsPrices, setShowsPrices] = useState(false);
  const filter = readFilter(address);
  const change = (next: UsageFilter) => setAddress(writeFilter(next));
  const { data, error, refetch } = useUsage(toQuery(filter));
  return (
    <main>
      <PageHead title="Usage">
        <Button size="l" onClick={() => setShowsPrices(true)}>
          Prices
        </Button>
      </PageHead>
      <UsageFilters filter={filter} usage={data} onChange={change} />
      {error ? (
        <PageError title="The usage cannot be shown" error={error} onAct={() => void refetch()} />
      ) : data ? (
        <Found usage={data} onShowMore={() => change({ ...filter, ...getLastDays(90), version: null })} />
      ) : (
        <SkeletonRows label="Loading the usage" />
      )}
      {showsPrices ? <PricesDialog usage={data} onClose={() => setShowsPrices(false)} /> : null}
    </main>
  );
}

function Found({ usage, onShowMore }: { usage: WorkspaceUsage; onShowMore: () => void }) {
  if (usage.total.runs === 0)
    return (
      <EmptyState
        title="No run has ended in these days"
        actions={
          <Button size="l" onClick={onShowMore}>
            Show the last 90 days
          </Button>
        }
      >
        Runs count on the day on which they end, in UTC. Those that go on are not counted yet.
      </EmptyState>
    );
  return (
    <div className={styles.found}>
      <CostNotes usage={usage} />
      <div className={styles.plots}>
        <DayPlots usage={usage} />
      </div>
      <div className={styles.groups}>
        <GroupTables usage={usage} />
      </div>
      <p className={styles.foot}>
        Days are in UTC. A run counts on the day on which it ends, also after its log was deleted. Times to
        the first chunk are within 5 % of the true ones.
      </p>
    </div>
  );
}

/** What is not in the cost, in words. */
function CostNotes({ usage: { total, models } }: { usage: WorkspaceUsage }) {
  const names = total.unpriced.map((model) => model || "models of old runs that are not known any more");
  const isSimulated = models.some(({ is_simulated: simulated }) => simulated);
  return (
    <>
      {names.length > 0 ? (
        <Notice kind="warning">
          Not all tokens have a price: {names.join(", ")}. What has none is left out of the cost.
        </Notice>
      ) : null}
      {isSimulated ? (
        <Notice kind="warning">The simulator has answered some calls. Its tokens cost nothing.</Notice>
      ) : null}
    </>
  );
}
