import { type SubmitEvent, useId, useState } from "react";
import { useNavigate } from "react-router";
import { useCreateFlow, useUpdateFlow } from "../../api/flows";
import { getFieldError, getFormError } from "../../api/refusals";
import type { FlowRow } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";

interface FlowDialogProps {
  /** The flow to rename; without one, a new flow is made and opened. */
  flow?: Pick<FlowRow, "id" | "name" | "description">;
  onClose: () => void;
}

export function FlowDialog({ flow, onClose }: FlowDialogProps) {
  const form = useId();
  const { save, busy, error } = useSaveFlow(flow, onClose);
  const [name, setName] = useState(flow?.name ?? "");
  const [description, setDescription] = useState(flow?.description ?? "");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save({ name: name.trim(), description: description.trim() });
  };
  const elsewhere = getFormError(error, ["name", "description"]);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={flow ? "Rename flow" : "New flow"}
      footer={
        <DialogFooter>
          <Button size="l" onClick={onClose}>
            Cancel
          </Button>
          <Button size="l" kind="solid" type="submit" form={form} busy={busy || !name.trim()}>
            {flow ? "Save" : "Create flow"}
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <form id={form} onSubmit={submit}>
          <Field label="Name" required error={getFieldError(error, "name")}>
            {(control) => (
              <Input
                {...control}
                autoFocus
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Description"
            optional
            help="One line that says what the flow is for."
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
          {elsewhere ? <Notice kind="failed">{elsewhere}</Notice> : null}
        </form>
      </DialogBody>
    </Dialog>
  );
}

function useSaveFlow(flow: FlowDialogProps["flow"], onClose: () => void) {
  const create = useCreateFlow();
  const update = useUpdateFlow();
  const navigate = useNavigate();
  const save = (draft: { name: string; description: string }) => {
    if (flow) update.mutate({ id: flow.id, ...draft }, { onSuccess: onClose });
    else create.mutate(draft, { onSuccess: ({ id }) => void navigate(`/flows/${id}`) });
  };
  return { save, busy: create.isPending || update.isPending, error: create.error ?? update.error };
}
