import { useResetFactor } from "../../api/second-factor";
import type { Member } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";

export function ResetFactorDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  return (
    <ConfirmDialog
      title={`Reset the second factor of ${member.name}?`}
      action="Reset"
      busyLabel="Resetting"
      mutation={useResetFactor()}
      id={member.id}
      done={{
        title: "Second factor reset",
        text: `${member.name} signs in without a code, and can set up a new one.`,
      }}
      onClose={onClose}
    >
      For somebody who has lost the app and the recovery codes. {member.name} is signed out everywhere. Make
      sure that it is {member.name} who asks.
    </ConfirmDialog>
  );
}
