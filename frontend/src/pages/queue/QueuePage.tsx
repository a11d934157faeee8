import { useQueue, useSchedules } from "../../api/queue";
import type { Queue, Schedule } from "../../api/types";
import { LinkButton } from "../../ui/controls/Button";
import { EmptyState } from "../../ui/feedback/EmptyState";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { formatCount } from "../../ui/format";
import { getOwnZone } from "../../ui/wall-time";
import { usePageTitle } from "../../ui/usePageTitle";
import { useMayEdit } from "../account/session";
import { PageHead } from "../resource/PageHead";
import styles from "./queue.module.css";
import { QueueEmpty } from "./QueueEmpty";
import { FailedRuns, RunningRuns, WaitingRuns } from "./RunTables";
import { ScheduleTable } from "./ScheduleTable";

/** What waits, goes on and has failed, and when flows start by themselves. It keeps up to date by itself. */
export function QueuePage() {
  return useMayEdit() ? <QueueOfWorkspace /> : <EditorsOnly />;
}

function QueueOfWorkspace() {
  const queue = useQueue();
  const schedules = useSchedules(null);
  const error = queue.data ? schedules.error : queue.error;
  const retry = () => void Promise.all([queue.refetch(), schedules.refetch()]);
  return (
    <main>
      <PageHead title="Queue">
        {queue.data && queue.data.workers !== null ? <Workers count={queue.data.workers} /> : null}
      </PageHead>
      {queue.data && schedules.data ? (
        <Found queue={queue.data} schedules={schedules.data} />
      ) : error ? (
        <PageError title="The queue cannot be shown" error={error} onAct={retry} />
      ) : (
        <SkeletonRows label="Loading the queue" />
      )}
    </main>
  );
}

function Workers({ count }: { count: number }) {
  if (count > 0) return <span className={styles.workers}>{formatCount(count, "worker")} alive</span>;
  return <span className={styles.alarm}>No worker lives: runs wait until one is started</span>;
}

function Found({ queue, schedules }: { queue: Queue; schedules: Schedule[] }) {
  const runs = queue.waiting_count + queue.running_count + queue.failed.length;
  if (runs + schedules.length === 0) return <QueueEmpty />;
  return (
    <>
      <ScheduleTable schedules={schedules} />
      <WaitingRuns runs={queue.waiting} count={queue.waiting_count} />
      <RunningRuns runs={queue.running} count={queue.running_count} />
      <FailedRuns runs={queue.failed} />
      <p className={styles.zone}>
        Times of runs are those of this browser, in {getOwnZone()}. Schedules name their own time zone.
      </p>
    </>
  );
}

function EditorsOnly() {
  usePageTitle("Queue");
  return (
    <main>
      <EmptyState
        title="The queue is for editors and admins"
        level={1}
        actions={
          <LinkButton to="/flows" size="l">
            All flows
          </LinkButton>
        }
      >
        An admin of this workspace can change your role.
      </EmptyState>
    </main>
  );
}
