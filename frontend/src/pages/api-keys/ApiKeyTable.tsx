import type { ApiKey, FlowRow, OldSecret } from "../../api/types";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { RowMenu } from "../resource/RowMenu";
import page from "../resource/resource.module.css";
import { Button } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { formatAgo, formatCount, formatDay, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { MenuItem } from "../../ui/overlays/Menu";
import { StateMark } from "../../ui/feedback/StateMark";
import text from "../../ui/text.module.css";
import styles from "./ApiKeyTable.module.css";
import { describeEnvironments } from "./environments";
import { describeLimits } from "../resource/limits";
import { describePolicies } from "./policies";

interface ApiKeyTableProps {
  apiKeys: ApiKey[];
  flows: FlowRow[];
  onCommand: (command: KeyCommand, apiKey: ApiKey) => void;
}

/** What can be done to a key, each in a dialog. */
export type KeyCommand = "rotate" | "limit" | "revoke-old" | "revoke";

export function ApiKeyTable({ apiKeys, flows, onCommand }: ApiKeyTableProps) {
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
      render: (apiKey) => <KeyCommands apiKey={apiKey} onCommand={onCommand} />,
    },
  ];
  return <ResourceTable label="API keys" columns={columns} items={apiKeys} />;
}

interface KeyCommandsProps {
  apiKey: ApiKey;
  onCommand: ApiKeyTableProps["onCommand"];
}

function KeyCommands({ apiKey, onCommand }: KeyCommandsProps) {
  return (
    <div className={styles.commands}>
      <Button
        kind="danger"
        aria-label={`Revoke ${apiKey.name}`}
        className={styles.revoke}
        onClick={() => onCommand("revoke", apiKey)}
      >
        Revoke
      </Button>
      <RowMenu name={apiKey.name}>
        <MenuItem icon="again" onSelect={() => onCommand("rotate", apiKey)}>
          Rotate
        </MenuItem>
        <MenuItem icon="edit" onSelect={() => onCommand("limit", apiKey)}>
          Limits
        </MenuItem>
        {apiKey.old_secret ? (
          <MenuItem icon="failed" onSelect={() => onCommand("revoke-old", apiKey)}>
            Revoke old secret
          </MenuItem>
        ) : null}
      </RowMenu>
    </div>
  );
}

const firstColumns: ResourceColumn<ApiKey>[] = [
  {
    title: "Name",
    className: styles.first,
    getHint: ({ origins }) => (origins.length > 0 ? `For pages of ${origins.join(", ")}` : undefined),
    render: (apiKey) => (
      <ResourceName glyph={<Icon name="key" />} help={describeKey(apiKey)}>
        <span className={styles.name}>{apiKey.name}</span>
      </ResourceName>
    ),
  },
  {
    title: "Key",
    render: ({ prefix, last4, old_secret: old }) => (
      <>
        <span className={text.code}>{`${prefix}…${last4}`}</span>
        {old ? <small className={joinClasses(text.code, page.sub)}>{`old: …${old.last4}`}</small> : null}
      </>
    ),
  },
  { title: "May", render: ({ policies }) => describePolicies(policies) },
  {
    title: "Environments",
    className: page.spare,
    render: ({ environments }) => describeEnvironments(environments),
  },
];

const lastColumns: ResourceColumn<ApiKey>[] = [
  {
    title: "Last used",
    getHint: ({ last_used_at: at }) => (at ? formatExact(at) : undefined),
    render: ({ last_used_at: at, old_secret: old }) => (
      <>
        {at ? formatAgo(at) : <span className={text.muted}>Never</span>}
        {old ? <OldSecretUse old={old} /> : null}
      </>
    ),
  },
  {
    title: "Expires",
    className: page.spare,
    render: ({ expires_at: at, old_secret: old }) => (
      <>
        <Expiry at={at} />
        {old ? <OldSecretEnd old={old} /> : null}
      </>
    ),
  },
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

function OldSecretUse({ old: { last_used_at: at } }: { old: OldSecret }) {
  return <small className={page.sub}>{`old: ${at ? formatAgo(at) : "never"}`}</small>;
}

function OldSecretEnd({ old: { works_until: until } }: { old: OldSecret }) {
  return <small className={page.sub} title={formatExact(until)}>{`old: ${formatDay(until)}`}</small>;
}

function describeKey(apiKey: ApiKey): string {
  const { created_by, created_at, origins } = apiKey;
  const made = created_by
    ? `Made by ${created_by}, ${formatDay(created_at)}`
    : `Made ${formatDay(created_at)}`;
  const limits = describeLimits(apiKey);
  const parts = [made, origins.length > 0 && `for ${formatCount(origins.length, "origin")}`, limits];
  return parts.filter(Boolean).join(", ");
}
