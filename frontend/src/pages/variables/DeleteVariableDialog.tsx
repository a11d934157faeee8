import { useDeleteVariable } from "../../api/variables";
import type { Variable } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";
import { InUseNote } from "../resource/InUseNote";

interface DeleteVariableDialogProps {
  variable: Variable;
  onClose: () => void;
}

export function DeleteVariableDialog({ variable, onClose }: DeleteVariableDialogProps) {
  const { id, name, used_by: usedBy } = variable;
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      action="Delete variable"
      busyLabel="Deleting"
      mutation={useDeleteVariable()}
      id={id}
      done={{ title: "Variable deleted", text: `${name} and its values are deleted.` }}
      obstacle={
        usedBy.length > 0 ? (
          <InUseNote relation="read by" users={usedBy} remedy="Take it out of their expressions first." />
        ) : null
      }
      onClose={onClose}
    >
      The variable and its values are deleted. This cannot be undone.
    </ConfirmDialog>
  );
}
