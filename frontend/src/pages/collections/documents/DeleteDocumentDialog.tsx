import { useDeleteDocument } from "../../../api/collections";
import { describeError } from "../../../api/refusals";
import type { CollectionDocument } from "../../../api/types";
import { AlertDialog } from "../../../ui/overlays/AlertDialog";
import { showDoneToast } from "../../../ui/feedback/toasts";

interface DeleteDocumentDialogProps {
  collection: string;
  document: CollectionDocument;
  onClose: () => void;
}

export function DeleteDocumentDialog({ collection, document, onClose }: DeleteDocumentDialogProps) {
  const remove = useDeleteDocument(collection);
  const confirm = () =>
    remove.mutate(document.id, {
      onSuccess: () => {
        onClose();
        showDoneToast("Document deleted", { text: `Searches no longer find ${document.name}.` });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={`Delete ${document.name}?`}
      action="Delete document"
      busy={remove.isPending && "Deleting"}
      refusal={remove.error && describeError(remove.error)}
      onConfirm={confirm}
    >
      The document and its chunks are deleted. Flows no longer find them. This cannot be undone.
    </AlertDialog>
  );
}
