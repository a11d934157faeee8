import { useState } from "react";
import { useNavigate } from "react-router";
import { type FlowChange, useCreateFlow, useUpdateFlow } from "../../api/flows";
import type { FlowHead } from "../../api/types";
import { DescriptionField, NameField, ResourceDialog } from "../resource/ResourceDialog";
import { AddressFields } from "./AddressFields";

interface FlowDialogProps {
  /** The flow to change; without one, the dialog creates a flow and opens it. */
  flow?: FlowHead;
  onClose: () => void;
}

type FlowDraft = Required<Omit<FlowChange, "id">>;

export function FlowDialog({ flow, onClose }: FlowDialogProps) {
  const { save, busy, error } = useSaveFlow(flow, onClose);
  const [saved] = useState(() => createDraft(flow));
  const [draft, setDraft] = useState(saved);
  const change = (part: Partial<FlowDraft>) => setDraft((now) => ({ ...now, ...part }));
  return (
    <ResourceDialog
      title={flow ? "Rename flow" : "New flow"}
      submitLabel={flow ? "Save" : "Create flow"}
      busy={busy}
      missing={findMissing(draft, flow)}
      holdsWork={Object.keys(findChanges(saved, draft)).length > 0}
      error={error}
      fieldNames={["name", "description", "address", "aliases"]}
      onSubmit={() => save(saved, draft)}
      onClose={onClose}
    >
      <NameField value={draft.name} error={error} onChange={(name) => change({ name })} />
      <DescriptionField
        value={draft.description}
        help="One line that says what the flow is for."
        error={error}
        onChange={(description) => change({ description })}
      />
      {flow ? (
        <AddressFields
          address={draft.address}
          aliases={draft.aliases}
          error={error}
          onAddress={(address) => change({ address })}
          onAliases={(aliases) => change({ aliases })}
        />
      ) : null}
    </ResourceDialog>
  );
}

function createDraft(flow: FlowDialogProps["flow"]): FlowDraft {
  const { name = "", description = "", address = "", aliases = [] } = flow ?? {};
  return { name, description, address, aliases };
}

function findMissing(draft: FlowDraft, flow: FlowDialogProps["flow"]): string | null {
  if (!draft.name.trim()) return "Give the flow a name.";
  return flow && !draft.address.trim() ? "Give the flow an address name." : null;
}

/** What was changed, without the white space around it. */
function findChanges(saved: FlowDraft, draft: FlowDraft): Partial<FlowDraft> {
  const texts = (["name", "description", "address"] as const).filter((name) => draft[name] !== saved[name]);
  const changes: Partial<FlowDraft> = Object.fromEntries(texts.map((name) => [name, draft[name].trim()]));
  return draft.aliases.length === saved.aliases.length ? changes : { ...changes, aliases: draft.aliases };
}

function useSaveFlow(flow: FlowDialogProps["flow"], onClose: () => void) {
  const create = useCreateFlow();
  const update = useUpdateFlow();
  const navigate = useNavigate();
  const save = (saved: FlowDraft, draft: FlowDraft) => {
    const { name, description } = draft;
    if (flow) update.mutate({ id: flow.id, ...findChanges(saved, draft) }, { onSuccess: onClose });
    else
      create.mutate(
        { name: name.trim(), description: description.trim() },
        { onSuccess: ({ id }) => void navigate(`/flows/${id}`) },
      );
  };
  return { save, busy: create.isPending || update.isPending, error: create.error ?? update.error };
}
