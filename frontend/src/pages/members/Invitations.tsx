import { useInvitations } from "../../api/members";
import type { Invitation } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { formatDay, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import text from "../../ui/text.module.css";
import { roleTitles } from "../account/session";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import styles from "./Invitations.module.css";

interface InvitationsProps {
  onRevoke: (invitation: Invitation) => void;
}

/** The invitations that nobody has used yet, below the members. */
export function Invitations({ onRevoke }: InvitationsProps) {
  const { data, error, refetch } = useInvitations();
  return (
    <section className={styles.section} aria-labelledby="invitations">
      <h2 id="invitations" className={styles.title}>
        Invitations
      </h2>
      {data ? <List invitations={data} onRevoke={onRevoke} /> : null}
      {!data && error ? (
        <PageError title="The invitations cannot be shown" error={error} onAct={() => void refetch()} />
      ) : null}
      {!data && !error ? <SkeletonRows rows={2} label="Loading invitations" /> : null}
    </section>
  );
}

function List({ invitations, onRevoke }: InvitationsProps & { invitations: Invitation[] }) {
  if (invitations.length === 0)
    return (
      <p className={styles.none}>No invitation waits for an answer. A link works once, for seven days.</p>
    );
  const revoke: ResourceColumn<Invitation> = {
    title: "Revoke",
    isTitleHidden: true,
    className: page.right,
    render: (invitation) => (
      <Button
        kind="danger"
        aria-label={`Revoke the invitation for ${describeInvited(invitation)}`}
        onClick={() => onRevoke(invitation)}
      >
        Revoke
      </Button>
    ),
  };
  return <ResourceTable label="Invitations" columns={[...columns, revoke]} items={invitations} />;
}

const columns: ResourceColumn<Invitation>[] = [
  {
    title: "For",
    render: (invitation) => (
      <ResourceName glyph={<Icon name="send" />} help={describeOrigin(invitation)}>
        <span>{describeInvited(invitation)}</span>
      </ResourceName>
    ),
  },
  { title: "Role", render: ({ role }) => roleTitles[role] },
  {
    title: "Expires",
    className: page.spare,
    getHint: ({ expires_at: at }) => formatExact(at),
    render: ({ expires_at: at }) => <span className={text.num}>{formatDay(at)}</span>,
  },
];

export function describeInvited({ address }: Invitation): string {
  return address || "anyone with the link";
}

function describeOrigin({ created_by, created_at }: Invitation): string {
  return created_by ? `By ${created_by}, ${formatDay(created_at)}` : formatDay(created_at);
}
