import { Link, useNavigate } from "react-router";
import { useDuplicateFlow } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { DeleteItem } from "../resource/DeleteItem";
import { countUsers } from "../resource/describe-users";
import { RowMenu } from "../resource/RowMenu";
import page from "../resource/resource.module.css";
import { useMayEdit } from "../account/session";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatDuration, formatExact, formatNumber } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import { StateMark } from "../../ui/feedback/StateMark";
import text from "../../ui/text.module.css";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import { createCopyName } from "./copy-name";
import { findObstacle } from "./delete-obstacle";
import { RunBars } from "./RunBars";
import { useExportFlow } from "./useExportFlow";

interface FlowTableProps {
  flows: FlowRow[];
  /** What was searched for. */
  words: string;
  onRename: (flow: FlowRow) => void;
  onDelete: (flow: FlowRow) => void;
}

export function FlowTable({ flows, words, onRename, onDelete }: FlowTableProps) {
  const mayEdit = useMayEdit();
  const menu: ResourceColumn<FlowRow> = {
    title: "More",
    isTitleHidden: true,
    className: page.right,
    render: (flow) => (
      <FlowMenu flow={flow} onRename={() => onRename(flow)} onDelete={() => onDelete(flow)} />
    ),
  };
  return (
    <ResourceTable
      label="Flows, with their runs in the last 24 hours"
      columns={mayEdit ? [...columns, menu] : columns}
      items={flows}
      words={words}
    />
  );
}

const columns: ResourceColumn<FlowRow>[] = [
  {
    title: "Flow",
    render: ({ id, name, description }) => (
      <ResourceName glyph={<Icon name="flows" />} help={description || "No description"}>
        <Link to={`/flows/${id}`} className={page.name}>
          {name}
        </Link>
      </ResourceName>
    ),
  },
  {
    title: "Production",
    className: page.spare,
    render: (flow) => <Published flow={flow} />,
  },
  { title: "Last run", render: ({ last_run: run }) => <LastRun run={run} /> },
  {
    title: "Runs by hour",
    className: joinClasses(page.spare, page.notOnPhone),
    render: ({ hours }) => <RunBars hours={hours} />,
  },
  {
    title: "Runs",
    className: joinClasses(page.right, page.notOnPhone),
    render: ({ runs_24h: runs }) => formatNumber(runs),
  },
  {
    title: "First chunk, median",
    className: joinClasses(page.right, page.spare, page.notOnPhone),
    render: ({ first_item_ms: ms }) => (ms === null ? "–" : formatDuration(ms)),
  },
  {
    title: "Updated",
    className: joinClasses(page.right, page.extra, page.notOnPhone),
    getHint: ({ updated_at: at }) => formatExact(at),
    render: ({ updated_at: at }) => formatAgo(at),
  },
];

/** Which version calls run, and whether the draft is another one. */
function Published({ flow: { published, revision } }: { flow: FlowRow }) {
  if (published.production === null) return <span className={text.muted}>Not published</span>;
  return (
    <>
      Version {published.production}
      {published.production === revision ? null : (
        <span className={page.sub}>Draft is version {revision}</span>
      )}
    </>
  );
}

function LastRun({ run }: { run: FlowRow["last_run"] }) {
  if (!run) return <StateMark state="waiting">No runs yet</StateMark>;
  return (
    <>
      <StateMark state={run.status} />
      <span className={page.sub} title={formatExact(run.started_at)}>
        {formatAgo(run.started_at)}
      </span>
    </>
  );
}

interface FlowMenuProps {
  flow: FlowRow;
  onRename: () => void;
  onDelete: () => void;
}

function FlowMenu({ flow, onRename, onDelete }: FlowMenuProps) {
  const duplicate = useDuplicateWithToast(flow);
  const exportFlow = useExportFlow(flow);
  const navigate = useNavigate();
  return (
    <RowMenu name={flow.name}>
      <MenuItem icon="open" onSelect={() => void navigate(`/flows/${flow.id}`)}>
        Open
      </MenuItem>
      <MenuItem icon="edit" onSelect={onRename}>
        Rename
      </MenuItem>
      <MenuItem icon="copy" onSelect={duplicate}>
        Duplicate
      </MenuItem>
      <MenuItem icon="download" onSelect={exportFlow}>
        Export
      </MenuItem>
      <MenuSeparator />
      <DeleteItem obstacle={describeObstacle(flow)} onSelect={onDelete} />
    </RowMenu>
  );
}

function describeObstacle(flow: FlowRow): string | null {
  const obstacle = findObstacle(flow);
  if (obstacle === "called") return `Called by ${countUsers(flow.used_by) ?? ""}`;
  return obstacle === "running" ? "A run goes on" : null;
}

function useDuplicateWithToast({ id, name }: FlowRow): () => void {
  const duplicate = useDuplicateFlow();
  return () =>
    duplicate.mutate(
      { id, name: createCopyName(name) },
      {
        onSuccess: (flow) => showDoneToast("Flow duplicated", { text: `The copy is named ${flow.name}.` }),
        onError: (error) => showFailedToast(`${name} is not duplicated`, { text: error.message }),
      },
    );
}
