import { Link, useNavigate } from "react-router";
import { useDuplicateFlow } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { NothingFound, PageTable, Thing } from "../resource/Page";
import page from "../resource/Page.module.css";
import { useMayEdit } from "../account/session";
import { IconButton } from "../../ui/controls/Button";
import { classes } from "../../ui/classes";
import { formatAgo, formatDuration, formatExact, formatNumber } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { Menu, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import { StateMark } from "../../ui/feedback/StateMark";
import { toastDone, toastFailed } from "../../ui/feedback/toasts";
import { copyName } from "./copyName";
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
          <th scope="col" className={classes(page.right, page.notOnPhone)}>
            Runs
          </th>
          <th scope="col" className={classes(page.right, page.spare)}>
            First chunk, median
          </th>
          <th scope="col" className={classes(page.right, page.extra)}>
            Updated
          </th>
          {mayEdit ? <th aria-label="More" /> : null}
        </tr>
      </thead>
      <tbody>
        {flows.length === 0 ? <NothingFound columns={7} words={words} /> : null}
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
        <Thing glyph={<Icon name="flows" />} help={flow.description || "No description"}>
          <Link to={`/flows/${flow.id}`} className={page.name}>
            {flow.name}
          </Link>
        </Thing>
      </td>
      <td>
        <LastRun run={flow.last_run} />
      </td>
      <td className={page.spare}>
        <RunBars hours={flow.hours} />
      </td>
      <td className={classes(page.right, page.notOnPhone)}>{formatNumber(flow.runs_24h)}</td>
      <td className={classes(page.right, page.spare)}>
        {flow.first_item_ms === null ? "–" : formatDuration(flow.first_item_ms)}
      </td>
      <td className={classes(page.right, page.extra)} title={formatExact(flow.updated_at)}>
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
  const duplicate = useDuplicate(flow);
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

function useDuplicate({ id, name }: FlowRow): () => void {
  const duplicate = useDuplicateFlow();
  return () =>
    duplicate.mutate(
      { id, name: copyName(name) },
      {
        onSuccess: (flow) => toastDone("Flow duplicated", { text: `The copy is named ${flow.name}.` }),
        onError: (error) => toastFailed(`${name} is not duplicated`, { text: error.message }),
      },
    );
}
