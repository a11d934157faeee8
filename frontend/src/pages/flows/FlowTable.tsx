import { Link, useNavigate } from "react-router";
import { useDuplicateFlow } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { NoMatchRow, PageTable, ResourceName } from "../resource/Page";
import page from "../resource/Page.module.css";
import { useMayEdit } from "../account/session";
import { IconButton } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatDuration, formatExact, formatNumber } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { Menu, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import { StateMark } from "../../ui/feedback/StateMark";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import { createCopyName } from "./copy-name";
import { RunBars } from "./RunBars";

interface FlowTableProps {
  flows: FlowRow[];
  /** What was searched for. */
  words: string;
  onRename: (flow: FlowRow) => void;
  onDelete: (flow: FlowRow) => void;
}

export function FlowTable({ flows, words, onRename, onDelete }: FlowTableProps) {
  const mayEdit = useMayEdit();
  return (
    <PageTable label="Flows, with their runs in the last 24 hours">
      <thead>
        <tr>
          <th scope="col">Flow</th>
          <th scope="col">Last run</th>
          <th scope="col" className={page.spare}>
            Runs by hour
          </th>
          <th scope="col" className={joinClasses(page.right, page.notOnPhone)}>
            Runs
          </th>
          <th scope="col" className={joinClasses(page.right, page.spare)}>
            First chunk, median
          </th>
          <th scope="col" className={joinClasses(page.right, page.extra)}>
            Updated
          </th>
          {mayEdit ? <th aria-label="More" /> : null}
        </tr>
      </thead>
      <tbody>
        {flows.length === 0 ? <NoMatchRow columns={7} words={words} /> : null}
        {flows.map((flow) => (
          <tr key={flow.id}>
            <FlowCells flow={flow} />
            {mayEdit ? (
              <td className={page.right}>
                <FlowMenu flow={flow} onRename={() => onRename(flow)} onDelete={() => onDelete(flow)} />
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </PageTable>
  );
}

function FlowCells({ flow }: { flow: FlowRow }) {
  return (
    <>
      <td>
        <ResourceName glyph={<Icon name="flows" />} help={flow.description || "No description"}>
          <Link to={`/flows/${flow.id}`} className={page.name}>
            {flow.name}
          </Link>
        </ResourceName>
      </td>
      <td>
        <LastRun run={flow.last_run} />
      </td>
      <td className={page.spare}>
        <RunBars hours={flow.hours} />
      </td>
      <td className={joinClasses(page.right, page.notOnPhone)}>{formatNumber(flow.runs_24h)}</td>
      <td className={joinClasses(page.right, page.spare)}>
        {flow.first_item_ms === null ? "–" : formatDuration(flow.first_item_ms)}
      </td>
      <td className={joinClasses(page.right, page.extra)} title={formatExact(flow.updated_at)}>
        {formatAgo(flow.updated_at)}
      </td>
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
  const navigate = useNavigate();
  return (
    <Menu trigger={<IconButton icon="more" label={`More for ${flow.name}`} className={page.above} />}>
      <MenuItem icon="open" onSelect={() => void navigate(`/flows/${flow.id}`)}>
        Open
      </MenuItem>
      <MenuItem icon="edit" onSelect={onRename}>
        Rename
      </MenuItem>
      <MenuItem icon="copy" onSelect={duplicate}>
        Duplicate
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon="trash" danger onSelect={onDelete}>
        Delete
      </MenuItem>
    </Menu>
  );
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
