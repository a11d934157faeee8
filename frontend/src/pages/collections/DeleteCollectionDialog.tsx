import { useDeleteCollection } from "../../api/collections";
import type { Collection } from "../../api/types";
import { formatCount } from "../../ui/format";
import { ConfirmDialog } from "../resource/ConfirmDialog";
import { InUseNote } from "../resource/InUseNote";

interface DeleteCollectionDialogProps {
  collection: Collection;
  /** Called instead of `onClose` when the collection is deleted. */
  onDeleted?: () => void;
  onClose: () => void;
}

export function DeleteCollectionDialog({ collection, onDeleted, onClose }: DeleteCollectionDialogProps) {
  const { id, name, documents, used_by: usedBy } = collection;
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      action="Delete collection"
      busyLabel="Deleting"
      mutation={useDeleteCollection()}
      id={id}
      done={{ title: "Collection deleted", text: `${name} and its documents are deleted.` }}
      obstacle={
        usedBy.length > 0 ? (
          <InUseNote relation="used by" users={usedBy} remedy="Choose another collection there first." />
        ) : null
      }
      onDone={onDeleted}
      onClose={onClose}
    >
      The collection{documents ? ` with its ${formatCount(documents, "document")}` : ""} is deleted, and what
      flows have saved in it. This cannot be undone.
    </ConfirmDialog>
  );
}
