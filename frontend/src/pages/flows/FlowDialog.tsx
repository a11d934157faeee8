import { useState } from "react";
import { useNavigate } from "react-router";
import { useCreateFlow, useUpdateFlow } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { DescriptionField, NameField, ResourceDialog } from "../resource/ResourceDialog";

interface FlowDialogProps {
  /** The flow to rename; without one, the dialog creates a flow and opens it. */
  flow?: Pick<FlowRow, "id" | "name" | "description">;
  onClose: () => void;
}

export function FlowDialog({ flow, onClose }: FlowDialogProps) {
  const { save, busy, error } = useSaveFlow(flow, onClose);
  const [name, setName] = useState(flow?.name ?? "");
  const [description, setDescription] = useState(flow?.description ?? "");
  return (
    <ResourceDialog
      title={flow ? "Rename flow" : "New flow"}
      submitLabel={flow ? "Save" : "Create flow"}
      busy={busy}
      missing={name.trim() ? null : "Give the flow a name."}
      holdsWork={name !== (flow?.name ?? "") || description !== (flow?.description ?? "")}
      error={error}
      fieldNames={["name", "description"]}
      onSubmit={() => save({ name: name.trim(), description: description.trim() })}
      onClose={onClose}
    >
      <NameField value={name} error={error} onChange={setName} />
      <DescriptionField
        value={description}
        help="One line that says what the flow is for."
        error={error}
        onChange={setDescription}
      />
    </ResourceDialog>
  );
}

function useSaveFlow(flow: FlowDialogProps["flow"], onClose: () => void) {
  const create = useCreateFlow();
  const update = useUpdateFlow();
  const navigate = useNavigate();
  const save = (texts: { name: string; description: string }) => {
    if (flow) update.mutate({ id: flow.id, ...texts }, { onSuccess: onClose });
    else create.mutate(texts, { onSuccess: ({ id }) => void navigate(`/flows/${id}`) });
  };
  return { save, busy: create.isPending || update.isPending, error: create.error ?? update.error };
}
