import { useState } from "react";
import { useNavigate } from "react-router";
import { useCreateCollection, useUpdateCollection } from "../../api/collections";
import type { Collection } from "../../api/types";
import { countUsers } from "../resource/describe-users";
import { DescriptionField, NameField, ResourceDialog } from "../resource/ResourceDialog";
import {
  BUILT_IN_EMBEDDER,
  type EmbedderDraft,
  EmbedderFields,
  isEmbedderComplete,
  toEmbedderBody,
} from "./EmbedderFields";

interface CollectionDialogProps {
  /** The collection to rename; without one, the dialog creates a collection and opens it. */
  collection?: Collection;
  onClose: () => void;
}

const FORM_FIELDS = ["name", "description", "embedder.kind", "embedder.connection", "embedder.model"];

export function CollectionDialog({ collection, onClose }: CollectionDialogProps) {
  const { save, busy, error } = useSaveCollection(collection, onClose);
  const [name, setName] = useState(collection?.name ?? "");
  const [description, setDescription] = useState(collection?.description ?? "");
  const [embedder, setEmbedder] = useState(BUILT_IN_EMBEDDER);
  return (
    <ResourceDialog
      title={collection ? "Rename collection" : "New collection"}
      submitLabel={collection ? "Save" : "Create collection"}
      busy={busy}
      missing={findMissing(name, embedder)}
      holdsWork={
        name !== (collection?.name ?? "") ||
        description !== (collection?.description ?? "") ||
        embedder !== BUILT_IN_EMBEDDER
      }
      error={error}
      fieldNames={FORM_FIELDS}
      onSubmit={() => save({ name: name.trim(), description: description.trim(), embedder })}
      onClose={onClose}
    >
      <NameField
        value={name}
        help={collection ? describeNameUse(collection) : null}
        error={error}
        onChange={setName}
      />
      <DescriptionField
        value={description}
        help="One line that says what its documents are about."
        error={error}
        onChange={setDescription}
      />
      {collection ? null : <EmbedderFields draft={embedder} error={error} onChange={setEmbedder} />}
    </ResourceDialog>
  );
}

/** What keeps the form from being sent; a collection that exists keeps its embedder. */
function findMissing(name: string, embedder: EmbedderDraft): string | null {
  if (!name.trim()) return "Give the collection a name.";
  return isEmbedderComplete(embedder) ? null : "Choose the model.";
}

function describeNameUse({ used_by: users }: Collection): string | null {
  const count = countUsers(users);
  return count ? `Used by ${count}. Flows follow the new name.` : null;
}

interface CollectionDraft {
  name: string;
  description: string;
  embedder: EmbedderDraft;
}

function useSaveCollection(collection: Collection | undefined, onClose: () => void) {
  const create = useCreateCollection();
  const update = useUpdateCollection();
  const navigate = useNavigate();
  const save = ({ embedder, ...draft }: CollectionDraft) => {
    if (collection) update.mutate({ id: collection.id, ...draft }, { onSuccess: onClose });
    else
      create.mutate(
        { ...draft, ...toEmbedderBody(embedder) },
        { onSuccess: ({ id }) => void navigate(`/collections/${id}`) },
      );
  };
  return { save, busy: create.isPending || update.isPending, error: create.error ?? update.error };
}
