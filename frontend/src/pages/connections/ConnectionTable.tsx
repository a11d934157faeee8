import type { Connection, ConnectionKind } from "../../api/types";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { DeleteItem } from "../resource/DeleteItem";
import { countUsers, describeUse, listUserNames } from "../resource/describe-users";
import { RowMenu } from "../resource/RowMenu";
import page from "../resource/resource.module.css";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import { StateMark } from "../../ui/feedback/StateMark";
import text from "../../ui/text.module.css";

interface ConnectionTableProps {
  connections: Connection[];
  kinds: ConnectionKind[];
  /** What was searched for. */
  words: string;
  onEdit: (connection: Connection) => void;
  onDelete: (connection: Connection) => void;
}

export function ConnectionTable({ connections, kinds, words, onEdit, onDelete }: ConnectionTableProps) {
  const name: ResourceColumn<Connection> = {
    title: "Connection",
    render: (connection) => (
      <ResourceName glyph={<Icon name="plug" />} help={getKindTitle(kinds, connection)}>
        <button type="button" className={page.name} onClick={() => onEdit(connection)}>
          {connection.name}
        </button>
      </ResourceName>
    ),
  };
  const menu: ResourceColumn<Connection> = {
    title: "More",
    isTitleHidden: true,
    className: page.right,
    render: (connection) => (
      <RowMenu name={connection.name}>
        <MenuItem icon="edit" onSelect={() => onEdit(connection)}>
          Open
        </MenuItem>
        <MenuSeparator />
        <DeleteItem obstacle={describeUse(connection.used_by)} onSelect={() => onDelete(connection)} />
      </RowMenu>
    ),
  };
  return (
    <ResourceTable label="Connections" columns={[name, ...columns, menu]} items={connections} words={words} />
  );
}

const columns: ResourceColumn<Connection>[] = [
  { title: "Host", className: page.spare, render: describeHost },
  { title: "Key", className: page.spare, render: (connection) => <KeyEnd connection={connection} /> },
  { title: "Last test", render: (connection) => <LastTest connection={connection} /> },
  {
    title: "Used by",
    getHint: ({ used_by: users }) => listUserNames(users),
    render: ({ used_by: users }) => countUsers(users) ?? "–",
  },
];

/** The result of the last test; before any test, what the connection lacks. */
function LastTest({ connection }: { connection: Connection }) {
  const { simulator, last_test: test, problem } = connection;
  if (simulator) {
    return (
      <>
        <StateMark state="warning">Simulator</StateMark>
        <span className={page.sub}>no model is called</span>
      </>
    );
  }
  if (problem) {
    return (
      <>
        <StateMark state="warning">Not usable</StateMark>
        <span className={page.sub} title={problem}>
          {problem}
        </span>
      </>
    );
  }
  if (!test) return <StateMark state="waiting">Not tested</StateMark>;
  return (
    <>
      <StateMark state={test.ok ? "done" : "failed"}>{test.ok ? "Works" : "Failed"}</StateMark>
      <span className={page.sub} title={formatExact(test.tested_at)}>
        {test.ok ? formatAgo(test.tested_at) : test.message}
      </span>
    </>
  );
}

function KeyEnd({ connection }: { connection: Connection }) {
  if (connection.simulator) return <span className={text.muted}>No key needed</span>;
  const secrets = Object.values(connection.secrets).filter((secret) => secret.set);
  if (secrets.length === 0) return <span className={text.muted}>No key</span>;
  return <span className={text.code}>{secrets.map((secret) => `••••${secret.last4 ?? ""}`).join(" ")}</span>;
}

function describeHost({ settings, simulator }: Connection) {
  const url = settings.base_url;
  const host = typeof url === "string" && URL.canParse(url) ? new URL(url).host : "–";
  return (
    <span className={joinClasses(simulator && text.muted)}>
      {simulator ? "simulator on this server" : host}
    </span>
  );
}

function getKindTitle(kinds: ConnectionKind[], { kind }: Connection): string {
  return kinds.find((one) => one.kind === kind)?.title ?? kind;
}
