import type { Connection, ConnectionKind } from "../../api/types";
import { NoMatchRow, PageTable, ResourceName } from "../resource/Page";
import page from "../resource/Page.module.css";
import { IconButton } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatCount, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { Menu, MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
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
  return (
    <PageTable label="Connections">
      <thead>
        <tr>
          <th scope="col">Connection</th>
          <th scope="col" className={page.spare}>
            Host
          </th>
          <th scope="col" className={page.spare}>
            Key
          </th>
          <th scope="col">Last test</th>
          <th scope="col">Used by</th>
          <th aria-label="More" />
        </tr>
      </thead>
      <tbody>
        {connections.length === 0 ? <NoMatchRow columns={6} words={words} /> : null}
        {connections.map((connection) => (
          <tr key={connection.id}>
            <td>
              <ResourceName glyph={<Icon name="plug" />} help={getKindTitle(kinds, connection)}>
                <button type="button" className={page.name} onClick={() => onEdit(connection)}>
                  {connection.name}
                </button>
              </ResourceName>
            </td>
            <td className={page.spare}>{describeHost(connection)}</td>
            <td className={page.spare}>
              <KeyEnd connection={connection} />
            </td>
            <td>
              <LastTest connection={connection} />
            </td>
            <td title={connection.used_by.map((flow) => flow.name).join(", ") || undefined}>
              {connection.used_by.length ? formatCount(connection.used_by.length, "flow") : "–"}
            </td>
            <td className={page.right}>
              <Menu
                trigger={
                  <IconButton icon="more" label={`More for ${connection.name}`} className={page.above} />
                }
              >
                <MenuItem icon="edit" onSelect={() => onEdit(connection)}>
                  Open
                </MenuItem>
                <MenuSeparator />
                <MenuItem icon="trash" danger onSelect={() => onDelete(connection)}>
                  Delete
                </MenuItem>
              </Menu>
            </td>
          </tr>
        ))}
      </tbody>
    </PageTable>
  );
}

/** Whether it works, as far as the last test knows; what it lacks, before any test. */
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
