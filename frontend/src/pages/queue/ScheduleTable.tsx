import { useState } from "react";
import { Link } from "react-router";
import { useSwitchSchedule } from "../../api/queue";
import { describeError } from "../../api/refusals";
import type { Schedule } from "../../api/types";
import { Switch } from "../../ui/controls/Switch";
import { StateMark } from "../../ui/feedback/StateMark";
import { showFailedToast } from "../../ui/feedback/toasts";
import { formatAgo, formatAhead, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import text from "../../ui/text.module.css";
import { formatInZone, getOwnZone } from "../../ui/wall-time";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { describeNote, describeRules, describeSpan } from "./describe-schedule";
import { NotesDialog } from "./NotesDialog";
import { QueueSection } from "./QueueSection";
import styles from "./queue.module.css";

/** When published flows start by themselves, how the last run of each has ended, and a switch for each. */
export function ScheduleTable({ schedules }: { schedules: Schedule[] }) {
  const [shown, setShown] = useState<Schedule | null>(null);
  const notes: ResourceColumn<Schedule> = {
    title: "Not started",
    render: (schedule) => <NotesButton schedule={schedule} onOpen={() => setShown(schedule)} />,
  };
  return (
    <QueueSection
      title="Schedules"
      count={schedules.length}
      none="No published flow starts by itself. Begin one with the trigger Schedule."
    >
      <ResourceTable label="Schedules" columns={[...columns, notes]} items={sortByName(schedules)} />
      {shown ? <NotesDialog schedule={shown} onClose={() => setShown(null)} /> : null}
    </QueueSection>
  );
}

/** By name, so that no row moves when a time has come or a switch is used. */
function sortByName(schedules: Schedule[]): Schedule[] {
  const name = ({ flow_name: flow, environment }: Schedule) => `${flow}\n${environment}`;
  return schedules.toSorted((one, other) => name(one).localeCompare(name(other)));
}

const columns: ResourceColumn<Schedule>[] = [
  {
    title: "Flow",
    className: styles.flow,
    render: (schedule) => (
      <ResourceName
        glyph={<Icon name="clock" />}
        help={`${schedule.environment}, version ${schedule.revision ?? "none"}`}
      >
        <Link className={page.name} to={`/flows/${schedule.flow}`}>
          {schedule.flow_name}
        </Link>
      </ResourceName>
    ),
  },
  { title: "On", isCorner: true, render: (schedule) => <ScheduleSwitch schedule={schedule} /> },
  {
    title: "Starts",
    className: styles.starts,
    getHint: describeRules,
    render: ({ words, expression }) => (
      <>
        <span className={styles.clipped}>{words}</span>
        <span className={page.sub}>
          <span className={text.code}>{expression}</span>
        </span>
      </>
    ),
  },
  {
    title: "Next",
    className: text.num,
    getHint: ({ due_at: at }) => (at ? `${formatExact(at)}, ${getOwnZone()}` : undefined),
    render: (schedule) => <NextTime schedule={schedule} />,
  },
  {
    title: "Last run",
    getHint: ({ last_due_at: at }) => (at ? `For ${formatExact(at)}, ${getOwnZone()}` : undefined),
    render: ({ last_run: run }) =>
      run ? (
        <>
          <StateMark state={run.status} />
          <span className={page.sub}>{formatAgo(run.started_at)}</span>
        </>
      ) : (
        <span className={text.muted}>None yet</span>
      ),
  },
];

function NextTime({ schedule: { due_at: at, time_zone: zone, is_on: isOn } }: { schedule: Schedule }) {
  if (!isOn) return <StateMark state="disabled">Switched off</StateMark>;
  if (!at) return <span className={text.muted}>No further time</span>;
  return (
    <>
      {formatAhead(at)}
      <span className={page.sub}>
        {formatInZone(at, zone)}, {zone}
      </span>
    </>
  );
}

function NotesButton({ schedule, onOpen }: { schedule: Schedule; onOpen: () => void }) {
  const [newest] = schedule.notes;
  if (!newest) return <span className={text.muted}>Nothing</span>;
  return (
    <button
      type="button"
      className={styles.open}
      aria-label={`${describeNote(newest)} ${describeSpan(newest)}: show what ${schedule.flow_name} has not started`}
      onClick={onOpen}
    >
      <StateMark state={newest.reason === "refused" ? "failed" : "warning"}>{describeNote(newest)}</StateMark>{" "}
      <span className={page.sub}>{describeSpan(newest)}</span>
    </button>
  );
}

function ScheduleSwitch({ schedule }: { schedule: Schedule }) {
  const change = useSwitchSchedule();
  const isOn = change.isPending ? change.variables.isOn : schedule.is_on;
  return (
    <span className={page.above}>
      <Switch
        label={`Schedule of ${schedule.flow_name} in ${schedule.environment}`}
        checked={isOn}
        onChange={(next) => {
          // A switch that is disabled meanwhile would lose the focus.
          if (!change.isPending) change.mutate({ id: schedule.id, isOn: next }, { onError: tellRefusal });
        }}
      />
    </span>
  );
}

function tellRefusal(error: Error): void {
  showFailedToast("The schedule stays as it is", { text: describeError(error) });
}
