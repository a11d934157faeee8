import { useDeleteCollection } from "../../api/collections";
import { describeError } from "../../api/refusals";
import type { Collection } from "../../api/types";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { formatCount } from "../../ui/format";
import { Notice } from "../../ui/feedback/Notice";
import { showDoneToast } from "../../ui/feedback/toasts";

interface DeleteCollectionDialogProps {
  collection: Collection;
  /** Called instead of `onClose` when it is gone. */
  onDeleted?: () => void;
  onClose: () => void;
}

export function DeleteCollectionDialog({ collection, onDeleted, onClose }: DeleteCollectionDialogProps) {
  const remove = useDeleteCollection();
  const { id, name, documents } = collection;
  const flows = collection.used_by.map((flow) => flow.name).join(", ");
  const confirm = () =>
    remove.mutate(id, {
      onSuccess: () => {
        (onDeleted ?? onClose)();
        showDoneToast("Collection deleted", { text: `${name} and its documents are gone.` });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={`Delete ${name}?`}
      action="Delete collection"
      busy={remove.isPending && "Deleting"}
      refusal={remove.error && describeError(remove.error)}
      onConfirm={confirm}
    >
      The collection{documents ? ` with its ${formatCount(documents, "document")}` : ""} is deleted, and what
      flows have saved in it. This cannot be undone.
      {flows && !remove.error ? <Notice kind="warning">In use by {flows}.</Notice> : null}
    </AlertDialog>
  );
}
