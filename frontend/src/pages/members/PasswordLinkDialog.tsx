import { useMakePasswordLink } from "../../api/members";
import { describeError } from "../../api/refusals";
import type { Member } from "../../api/types";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { LinkDialog } from "./LinkDialog";

/** Makes a link by which a member sets a new password, after a question, and shows it once. */
export function PasswordLinkDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const make = useMakePasswordLink();
  if (make.data)
    return (
      <LinkDialog
        title={`Password of ${member.name}`}
        label="Password link"
        url={make.data.url}
        onClose={onClose}
      >
        Send the link to {member.name} alone: whoever opens it sets the password of this account. It works
        once, within a day, and is shown only now.
      </LinkDialog>
    );
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={`Make a password link for ${member.name}?`}
      action="Make link"
      busy={make.isPending && "Making"}
      refusal={make.error && describeError(make.error)}
      onConfirm={() => make.mutate(member.id)}
    >
      With the link a new password can be set without the old one. Then {member.name} is signed out
      everywhere.
    </AlertDialog>
  );
}
