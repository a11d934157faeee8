import { type SubmitEvent, useId, useState } from "react";
import { useNavigate } from "react-router";
import { useCreateCollection, useUpdateCollection } from "../../api/collections";
import { getFieldError, getFormError } from "../../api/refusals";
import type { Collection } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import {
  BUILT_IN_EMBEDDER,
  EmbedderFields,
  type EmbedderDraft,
  isEmbedderComplete,
  toEmbedderBody,
} from "./EmbedderFields";

interface CollectionDialogProps {
  /** The collection to rename; without one, a new one is made and opened. */
  collection?: Collection;
  onClose: () => void;
}

const FORM_FIELDS = ["name", "description", "embedder.kind", "embedder.connection", "embedder.model"];

export function CollectionDialog({ collection, onClose }: CollectionDialogProps) {
  const form = useId();
  const { save, busy, error } = useSaveCollection(collection, onClose);
  const [name, setName] = useState(collection?.name ?? "");
  const [description, setDescription] = useState(collection?.description ?? "");
  const [embedder, setEmbedder] = useState(BUILT_IN_EMBEDDER);
  const complete = name.trim() !== "" && (collection !== undefined || isEmbedderComplete(embedder));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save({ name: name.trim(), description: description.trim(), embedder });
  };
  const elsewhere = getFormError(error, FORM_FIELDS);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={collection ? "Rename collection" : "New collection"}
      footer={
        <DialogFooter>
          <Button size="l" onClick={onClose}>
            Cancel
          </Button>
          <Button size="l" kind="solid" type="submit" form={form} busy={busy || !complete}>
            {collection ? "Save" : "Create collection"}
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <form id={form} onSubmit={submit} noValidate>
          <Field
            label="Name"
            required
            help={collection ? describeNameUse(collection) : null}
            error={getFieldError(error, "name")}
          >
            {(control) => (
              <Input
                {...control}
                autoFocus
                maxLength={120}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Description"
            optional
            help="One line that says what its documents are about."
            error={getFieldError(error, "description")}
          >
            {(control) => (
              <Input
                {...control}
                maxLength={500}
                value={description}
                onChange={(event) => setDescription(event.target.value)}
              />
            )}
          </Field>
          {collection ? null : <EmbedderFields draft={embedder} error={error} onChange={setEmbedder} />}
          {elsewhere ? <Notice kind="failed">{elsewhere}</Notice> : null}
        </form>
      </DialogBody>
    </Dialog>
  );
}

function describeNameUse({ used_by: flows }: Collection): string {
  const names = flows.map((flow) => flow.name).join(", ");
  return names
    ? `${names} finds the collection by this name, so it cannot be changed now.`
    : "Flows find a collection by its name.";
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
