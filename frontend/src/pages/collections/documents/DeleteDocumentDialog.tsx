import { useDeleteDocument } from "../../../api/collections";
import type { CollectionDocument } from "../../../api/types";
import { ConfirmDialog } from "../../resource/ConfirmDialog";

interface DeleteDocumentDialogProps {
  /** The id of the collection. */
  collection: string;
  document: CollectionDocument;
  onClose: () => void;
}

export function DeleteDocumentDialog({ collection, document, onClose }: DeleteDocumentDialogProps) {
  return (
    <ConfirmDialog
      title={`Delete ${document.name}?`}
      action="Delete document"
      busyLabel="Deleting"
      mutation={useDeleteDocument(collection)}
      id={document.id}
      done={{ title: "Document deleted", text: `Searches no longer find ${document.name}.` }}
      onClose={onClose}
    >
      The document and its chunks are deleted. Flows no longer find them. This cannot be undone.
    </ConfirmDialog>
  );
}
