import { useState } from "react";
import { Link } from "react-router";
import { useCancelRun } from "../../api/queue";
import { describeError } from "../../api/refusals";
import type { QueueRun } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { StateMark } from "../../ui/feedback/StateMark";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import { formatAgo, formatExact, formatNumber } from "../../ui/format";
import { Icon, type IconName } from "../../ui/icons/Icon";
import text from "../../ui/text.module.css";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { describeCaller, describeReason } from "./describe-schedule";
import { FailureDialog } from "./FailureDialog";
import { QueueSection } from "./QueueSection";
import styles from "./queue.module.css";

interface RunsProps {
  runs: QueueRun[];
  count: number;
}

export function WaitingRuns({ runs, count }: RunsProps) {
  const columns = [createFlowColumn("clock"), waitsColumn, sinceColumn, createEndColumn("Cancel")];
  return (
    <QueueSection title="Waiting" count={count} none="No run waits." note={describeShown(runs, count)}>
      <ResourceTable label="Waiting" columns={columns} items={runs} />
    </QueueSection>
  );
}

export function RunningRuns({ runs, count }: RunsProps) {
  const columns = [createFlowColumn("play"), stateColumn, sinceColumn, createEndColumn("Stop")];
  return (
    <QueueSection title="Running" count={count} none="No run goes on." note={describeShown(runs, count)}>
      <ResourceTable label="Running" columns={columns} items={runs} />
    </QueueSection>
  );
}

export function FailedRuns({ runs }: { runs: QueueRun[] }) {
  const [shown, setShown] = useState<QueueRun | null>(null);
  const reason: ResourceColumn<QueueRun> = {
    title: "Reason",
    className: styles.reason,
    render: (run) => <ReasonButton run={run} onOpen={() => setShown(run)} />,
  };
  const columns = [createFlowColumn("failed"), reason, endedColumn];
  return (
    <QueueSection
      title="Failed"
      count={runs.length}
      none="No run has failed."
      note="the last ones, with their reason"
    >
      <ResourceTable label="Failed" columns={columns} items={runs} />
      {shown ? <FailureDialog run={shown} onClose={() => setShown(null)} /> : null}
    </QueueSection>
  );
}

function describeShown(runs: QueueRun[], count: number): string | null {
  return count > runs.length ? `the ${formatNumber(runs.length)} oldest are shown` : null;
}

function createFlowColumn(icon: IconName): ResourceColumn<QueueRun> {
  return {
    title: "Flow",
    className: styles.flow,
    render: (run) => (
      <ResourceName
        glyph={<Icon name={icon} />}
        help={`${run.environment}, version ${run.revision}, ${describeCaller(run.caller)}`}
      >
        <Link className={page.name} to={`/flows/${run.flow}`}>
          {run.flow_name}
        </Link>
      </ResourceName>
    ),
  };
}

const waitsColumn: ResourceColumn<QueueRun> = {
  title: "Waits for",
  render: ({ waits_for: what }) => (
    <StateMark state="waiting">{what === "turn" ? "Its turn in the session" : "A worker"}</StateMark>
  ),
};

const stateColumn: ResourceColumn<QueueRun> = {
  title: "State",
  render: ({ status }) => <StateMark state={status} />,
};

const sinceColumn: ResourceColumn<QueueRun> = {
  title: "Since",
  className: text.num,
  getHint: ({ started_at: at }) => formatExact(at),
  render: ({ started_at: at }) => formatAgo(at),
};

function ReasonButton({ run, onOpen }: { run: QueueRun; onOpen: () => void }) {
  const why = describeReason(run);
  return (
    <button
      type="button"
      className={styles.open}
      aria-label={`${why}: show why the run of ${run.flow_name} has failed`}
      onClick={onOpen}
    >
      <StateMark state={run.status} />
      <span className={styles.why}>{why}</span>
    </button>
  );
}

const endedColumn: ResourceColumn<QueueRun> = {
  title: "Ended",
  className: text.num,
  getHint: ({ finished_at: at }) => (at ? formatExact(at) : undefined),
  render: ({ finished_at: at }) => (at ? formatAgo(at) : ""),
};

function createEndColumn(verb: "Cancel" | "Stop"): ResourceColumn<QueueRun> {
  return {
    title: verb,
    isTitleHidden: true,
    className: page.right,
    render: (run) => <EndButton run={run} verb={verb} />,
  };
}

function EndButton({ run, verb }: { run: QueueRun; verb: "Cancel" | "Stop" }) {
  const cancel = useCancelRun();
  const end = () =>
    cancel.mutate(run.id, {
      onSuccess: ({ status }) =>
        status === "running"
          ? showDoneToast("The run is asked to stop", { text: "Its process has not answered yet." })
          : showDoneToast(verb === "Cancel" ? "Run cancelled" : "Run stopped", { text: run.flow_name }),
      onError: (error) => showFailedToast("The run goes on", { text: describeError(error) }),
    });
  return (
    <Button
      className={page.above}
      busy={cancel.isPending}
      aria-label={`${verb} the run of ${run.flow_name}, ${formatAgo(run.started_at)}`}
      onClick={end}
    >
      {verb}
    </Button>
  );
}
