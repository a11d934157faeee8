import { useRemoveMember } from "../../api/members";
import type { Member } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";

export function RemoveMemberDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  return (
    <ConfirmDialog
      title={`Remove ${member.name}?`}
      action="Remove member"
      busyLabel="Removing"
      mutation={useRemoveMember()}
      id={member.id}
      done={{ title: "Member removed", text: `${member.name} sees nothing of this workspace from now on.` }}
      onClose={onClose}
    >
      What {member.name} has open ends within seconds; runs that were started go on. API keys that{" "}
      {member.name} made still work: revoke those that should not.
    </ConfirmDialog>
  );
}
