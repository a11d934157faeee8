import { useDeleteConnection } from "../../api/connections";
import { describeError } from "../../api/refusals";
import type { Connection } from "../../api/types";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { Notice } from "../../ui/feedback/Notice";
import { showDoneToast } from "../../ui/feedback/toasts";

interface DeleteConnectionDialogProps {
  connection: Connection;
  /** Called instead of `onClose` when it is gone. */
  onDeleted?: () => void;
  onClose: () => void;
}

export function DeleteConnectionDialog({ connection, onDeleted, onClose }: DeleteConnectionDialogProps) {
  const remove = useDeleteConnection();
  const flows = connection.used_by.map((flow) => flow.name).join(", ");
  const confirm = () =>
    remove.mutate(connection.id, {
      onSuccess: () => {
        (onDeleted ?? onClose)();
        showDoneToast("Connection deleted", { text: `${connection.name} and its key are gone.` });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={`Delete ${connection.name}?`}
      action="Delete connection"
      busy={remove.isPending && "Deleting"}
      refusal={remove.error && describeError(remove.error)}
      onConfirm={confirm}
    >
      The connection and its key are deleted. This cannot be undone.
      {flows && !remove.error ? <Notice kind="warning">In use by {flows}.</Notice> : null}
    </AlertDialog>
  );
}
