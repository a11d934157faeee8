import type { ApiKey, FlowRow } from "../../api/types";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import page from "../resource/resource.module.css";
import { Button } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatCount, formatDay, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { StateMark } from "../../ui/feedback/StateMark";
import text from "../../ui/text.module.css";
import styles from "./ApiKeyTable.module.css";
import { describePolicies } from "./policies";

interface ApiKeyTableProps {
  apiKeys: ApiKey[];
  flows: FlowRow[];
  onRevoke: (apiKey: ApiKey) => void;
}

export function ApiKeyTable({ apiKeys, flows, onRevoke }: ApiKeyTableProps) {
  const columns: ResourceColumn<ApiKey>[] = [
    ...firstColumns,
    {
      title: "Flows",
      className: page.spare,
      render: (apiKey) => <FlowNames ids={apiKey.flows} flows={flows} />,
    },
    ...lastColumns,
    {
      title: "Revoke",
      isTitleHidden: true,
      className: page.right,
      render: (apiKey) => (
        <Button
          kind="danger"
          aria-label={`Revoke ${apiKey.name}`}
          className={styles.revoke}
          onClick={() => onRevoke(apiKey)}
        >
          Revoke
        </Button>
      ),
    },
  ];
  return <ResourceTable label="API keys" columns={columns} items={apiKeys} />;
}

const firstColumns: ResourceColumn<ApiKey>[] = [
  {
    title: "Name",
    getHint: ({ origins }) => (origins.length > 0 ? `For pages of ${origins.join(", ")}` : undefined),
    render: (apiKey) => (
      <ResourceName glyph={<Icon name="key" />} help={describeKey(apiKey)}>
        <span className={styles.name}>{apiKey.name}</span>
      </ResourceName>
    ),
  },
  {
    title: "Key",
    className: text.code,
    headClassName: "",
    render: ({ prefix, last4 }) => `${prefix}…${last4}`,
  },
  { title: "May", render: ({ policies }) => describePolicies(policies) },
];

const lastColumns: ResourceColumn<ApiKey>[] = [
  {
    title: "Last used",
    getHint: ({ last_used_at: at }) => (at ? formatExact(at) : undefined),
    render: ({ last_used_at: at }) => (at ? formatAgo(at) : <span className={text.muted}>Never</span>),
  },
  { title: "Expires", className: page.spare, render: ({ expires_at: at }) => <Expiry at={at} /> },
];

function FlowNames({ ids, flows }: { ids: string[] | null; flows: FlowRow[] }) {
  if (ids === null) return <>All flows</>;
  const names = flows.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const [only] = names;
  if (names.length === 1 && ids.length === 1) return <>{only}</>;
  return <span title={names.join(", ")}>{formatCount(ids.length, "flow")}</span>;
}

function Expiry({ at }: { at: string | null }) {
  if (!at) return <span className={text.muted}>Never</span>;
  const past = new Date(at) < new Date();
  return (
    <span title={formatExact(at)} className={joinClasses(text.num)}>
      {past ? <StateMark state="interrupted">Expired {formatDay(at)}</StateMark> : formatDay(at)}
    </span>
  );
}

function describeKey({ created_by, created_at, origins }: ApiKey): string {
  const made = created_by
    ? `Made by ${created_by}, ${formatDay(created_at)}`
    : `Made ${formatDay(created_at)}`;
  return origins.length > 0 ? `${made}, for ${formatCount(origins.length, "origin")}` : made;
}
