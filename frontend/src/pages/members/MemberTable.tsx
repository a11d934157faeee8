import { useChangeRole } from "../../api/members";
import type { Member, Role } from "../../api/types";
import { Select } from "../../ui/controls/Input";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import { formatAgo, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { MenuItem, MenuSeparator } from "../../ui/overlays/Menu";
import text from "../../ui/text.module.css";
import { roleTitles, useSession } from "../account/session";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import { RowMenu } from "../resource/RowMenu";
import styles from "./MemberTable.module.css";
import { roles } from "./roles";

interface MemberTableProps {
  members: Member[];
  /** What was searched for. */
  words: string;
  onRemove: (member: Member) => void;
  onPassword: (member: Member) => void;
  onFactor: (member: Member) => void;
}

export function MemberTable({ members, words, onRemove, onPassword, onFactor }: MemberTableProps) {
  const { user, second_factor: rule } = useSession();
  const columns: ResourceColumn<Member>[] = [
    {
      title: "Name",
      render: (member) => (
        <ResourceName glyph={<Icon name="person" />} help={describeAccount(member)}>
          <span className={styles.name}>
            {member.name}
            {member.id === user.id ? <span className={text.muted}> (you)</span> : null}
          </span>
        </ResourceName>
      ),
    },
    { title: "Role", render: (member) => <MemberRole member={member} isOwn={member.id === user.id} /> },
    ...(rule.is_offered ? [factorColumn] : []),
    {
      title: "Last seen",
      className: page.spare,
      getHint: ({ last_seen_at: at }) => (at ? formatExact(at) : undefined),
      render: ({ last_seen_at: at }) =>
        at ? formatAgo(at) : <span className={text.muted}>Not signed in</span>,
    },
    {
      title: "More",
      isTitleHidden: true,
      className: page.right,
      render: (member) =>
        member.id === user.id ? null : (
          <RowMenu name={member.name}>
            <MenuItem icon="key" onSelect={() => onPassword(member)}>
              Make a password link
            </MenuItem>
            {member.has_second_factor ? (
              <MenuItem icon="again" onSelect={() => onFactor(member)}>
                Reset the second factor
              </MenuItem>
            ) : null}
            <MenuSeparator />
            <MenuItem icon="trash" danger onSelect={() => onRemove(member)}>
              Remove from the workspace
            </MenuItem>
          </RowMenu>
        ),
    },
  ];
  return <ResourceTable label="Members" columns={columns} items={members} words={words} />;
}

const factorColumn: ResourceColumn<Member> = {
  title: "Second factor",
  className: page.spare,
  render: ({ has_second_factor: isOn }) => (isOn ? "On" : <span className={text.muted}>None</span>),
};

/** The role, to be chosen by another admin: so nobody takes the last admin's rights, or the own ones by mistake. */
function MemberRole({ member, isOwn }: { member: Member; isOwn: boolean }) {
  const change = useChangeRole();
  if (isOwn) return <span title="Another admin can change your role.">{roleTitles[member.role]}</span>;
  const choose = (role: Role) =>
    change.mutate(
      { id: member.id, role },
      {
        onSuccess: () => showDoneToast("Role changed", { text: `${member.name} is ${article(role)} now.` }),
        onError: (error) => showFailedToast("The role is not changed", { text: error.message }),
      },
    );
  return (
    <Select
      aria-label={`Role of ${member.name}`}
      className={styles.role}
      choices={roles}
      value={change.isPending ? change.variables.role : member.role}
      disabled={change.isPending}
      onChange={choose}
    />
  );
}

function article(role: Role): string {
  return `${role === "viewer" ? "a" : "an"} ${role}`;
}

function describeAccount({ username, address }: Member): string {
  return address ? `${username}, ${address}` : username;
}
