import { useState } from "react";
import { useMembers } from "../../api/members";
import type { Invitation, Member } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { useIsAdmin } from "../account/session";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { ResourcePage } from "../resource/ResourcePage";
import { FactorRequirement } from "./FactorRequirement";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { MemberTable } from "./MemberTable";
import { PasswordLinkDialog } from "./PasswordLinkDialog";
import { RemoveMemberDialog } from "./RemoveMemberDialog";
import { ResetFactorDialog } from "./ResetFactorDialog";
import { RevokeInvitationDialog } from "./RevokeInvitationDialog";

/** Which dialog is open, and about whom. */
type MembersDialog =
  | { kind: "invite" }
  | { kind: "remove"; member: Member }
  | { kind: "password"; member: Member }
  | { kind: "factor"; member: Member }
  | { kind: "revoke"; invitation: Invitation }
  | null;

export function MembersPage() {
  return useIsAdmin() ? <Members /> : <AdminsOnlyPage title="Members" />;
}

function Members() {
  const [dialog, setDialog] = useState<MembersDialog>(null);
  return (
    <ResourcePage
      title="Members"
      plural="members"
      query={useMembers()}
      search={{
        label: "Find a member",
        getText: (member) => `${member.name} ${member.username} ${member.address}`,
      }}
      actions={
        <Button kind="solid" size="l" icon="add" onClick={() => setDialog({ kind: "invite" })}>
          Invite
        </Button>
      }
      empty={null}
      dialog={dialog ? <OpenDialog dialog={dialog} onClose={() => setDialog(null)} /> : null}
    >
      {(members, words) => (
        <>
          <MemberTable
            members={members}
            words={words}
            onRemove={(member) => setDialog({ kind: "remove", member })}
            onPassword={(member) => setDialog({ kind: "password", member })}
            onFactor={(member) => setDialog({ kind: "factor", member })}
          />
          <Invitations onRevoke={(invitation) => setDialog({ kind: "revoke", invitation })} />
          <FactorRequirement />
        </>
      )}
    </ResourcePage>
  );
}

function OpenDialog({ dialog, onClose }: { dialog: NonNullable<MembersDialog>; onClose: () => void }) {
  switch (dialog.kind) {
    case "invite":
      return <InviteDialog onClose={onClose} />;
    case "remove":
      return <RemoveMemberDialog member={dialog.member} onClose={onClose} />;
    case "password":
      return <PasswordLinkDialog member={dialog.member} onClose={onClose} />;
    case "factor":
      return <ResetFactorDialog member={dialog.member} onClose={onClose} />;
    case "revoke":
      return <RevokeInvitationDialog invitation={dialog.invitation} onClose={onClose} />;
  }
}
