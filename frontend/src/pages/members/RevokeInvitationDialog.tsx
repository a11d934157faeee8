import { useRevokeInvitation } from "../../api/members";
import type { Invitation } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";
import { describeInvited } from "./Invitations";

export function RevokeInvitationDialog({
  invitation,
  onClose,
}: {
  invitation: Invitation;
  onClose: () => void;
}) {
  const invited = describeInvited(invitation);
  return (
    <ConfirmDialog
      title={`Revoke the invitation for ${invited}?`}
      action="Revoke invitation"
      busyLabel="Revoking"
      mutation={useRevokeInvitation()}
      id={invitation.id}
      done={{ title: "Invitation revoked", text: "Its link says so to whoever opens it." }}
      onClose={onClose}
    >
      The link stops working at once. You can invite the same person again.
    </ConfirmDialog>
  );
}
