import type { ApiKey, FlowRow } from "../../api/types";
import { PageTable, ResourceName } from "../resource/Page";
import page from "../resource/Page.module.css";
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
  return (
    <PageTable label="API keys">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Key</th>
          <th scope="col">May</th>
          <th scope="col" className={page.spare}>
            Flows
          </th>
          <th scope="col">Last used</th>
          <th scope="col" className={page.spare}>
            Expires
          </th>
          <th aria-label="Revoke" />
        </tr>
      </thead>
      <tbody>
        {apiKeys.map((apiKey) => (
          <tr key={apiKey.id}>
            <td>
              <ResourceName glyph={<Icon name="key" />} help={describeOrigin(apiKey)}>
                <span className={styles.name}>{apiKey.name}</span>
              </ResourceName>
            </td>
            <td className={text.code}>
              {apiKey.prefix}…{apiKey.last4}
            </td>
            <td>{describePolicies(apiKey.policies)}</td>
            <td className={page.spare}>
              <FlowNames ids={apiKey.flows} flows={flows} />
            </td>
            <td title={apiKey.last_used_at ? formatExact(apiKey.last_used_at) : undefined}>
              {apiKey.last_used_at ? (
                formatAgo(apiKey.last_used_at)
              ) : (
                <span className={text.muted}>Never</span>
              )}
            </td>
            <td className={page.spare}>
              <Expiry at={apiKey.expires_at} />
            </td>
            <td className={page.right}>
              <Button
                kind="danger"
                aria-label={`Revoke ${apiKey.name}`}
                className={styles.revoke}
                onClick={() => onRevoke(apiKey)}
              >
                Revoke
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </PageTable>
  );
}

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

function describeOrigin({ created_by, created_at }: ApiKey): string {
  return created_by ? `Made by ${created_by}, ${formatDay(created_at)}` : `Made ${formatDay(created_at)}`;
}
