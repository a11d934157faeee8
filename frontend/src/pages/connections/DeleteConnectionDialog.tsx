import { useDeleteConnection } from "../../api/connections";
import type { Connection } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";
import { InUseNote } from "../resource/InUseNote";

interface DeleteConnectionDialogProps {
  connection: Connection;
  /** Called instead of `onClose` when the connection is deleted. */
  onDeleted?: () => void;
  onClose: () => void;
}

export function DeleteConnectionDialog({ connection, onDeleted, onClose }: DeleteConnectionDialogProps) {
  const { id, name, used_by: usedBy } = connection;
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      action="Delete connection"
      busyLabel="Deleting"
      mutation={useDeleteConnection()}
      id={id}
      done={{ title: "Connection deleted", text: `${name} and its key are deleted.` }}
      obstacle={
        usedBy.length > 0 ? (
          <InUseNote relation="used by" users={usedBy} remedy="Choose another connection there first." />
        ) : null
      }
      onDone={onDeleted}
      onClose={onClose}
    >
      The connection and its key are deleted. This cannot be undone.
    </ConfirmDialog>
  );
}
