import { type SubmitEvent, useId, useState } from "react";
import { useCreateApiKey } from "../../api/api-keys";
import { getFieldError, getFormError } from "../../api/refusals";
import type { FlowRow } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Checkbox } from "../../ui/controls/Checkbox";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Input, Select } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import {
  type ApiKeyDraft,
  checkDraft,
  emptyApiKeyDraft,
  expiryChoices,
  describeExpiry,
  toggleValue,
  toApiKeyBody,
} from "./api-key-draft";
import { FlowChoice } from "./FlowChoice";
import { policies } from "./policies";
import { ApiKeySecretDialog } from "./ApiKeySecretDialog";

interface NewApiKeyDialogProps {
  flows: FlowRow[];
  onClose: () => void;
}

/** Asks what the key may do; then shows the key, this once. */
export function NewApiKeyDialog({ flows, onClose }: NewApiKeyDialogProps) {
  const create = useCreateApiKey();
  const id = useId();
  const [draft, setDraft] = useState(emptyApiKeyDraft);
  const [tried, setTried] = useState(false);
  const errors = checkDraft(draft);
  if (create.data) return <ApiKeySecretDialog apiKey={create.data} flows={flows} onClose={onClose} />;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length === 0) create.mutate(toApiKeyBody(draft));
  };
  const elsewhere = getFormError(create.error, ["name", "policies", "flows", "expires_at"]);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="New API key"
      footer={
        <DialogFooter>
          <Button size="l" onClick={onClose}>
            Cancel
          </Button>
          <Button size="l" kind="solid" type="submit" form={id} busy={create.isPending}>
            {create.isPending ? "Creating" : "Create key"}
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <form id={id} onSubmit={submit} noValidate>
          <Fields
            draft={draft}
            flows={flows}
            errorOf={(name) => getFieldError(create.error, name) ?? (tried ? (errors[name] ?? null) : null)}
            onChange={(change) => setDraft((now) => ({ ...now, ...change }))}
          />
          {elsewhere ? <Notice kind="failed">{elsewhere}</Notice> : null}
        </form>
      </DialogBody>
    </Dialog>
  );
}

interface FieldsProps {
  draft: ApiKeyDraft;
  flows: FlowRow[];
  errorOf: (name: keyof ApiKeyDraft | "expires_at") => string | null;
  onChange: (change: Partial<ApiKeyDraft>) => void;
}

function Fields({ draft, flows, errorOf, onChange }: FieldsProps) {
  return (
    <>
      <Field label="Name" required help="The program that will use it." error={errorOf("name")}>
        {(control) => (
          <Input
            {...control}
            autoFocus
            maxLength={100}
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <FieldGroup legend="The key may" error={errorOf("policies")}>
        {policies.map(({ value, title, help }) => (
          <Checkbox
            key={value}
            help={help}
            checked={draft.policies.includes(value)}
            onChange={(on) => onChange({ policies: toggleValue(draft.policies, value, on) })}
          >
            {title}
          </Checkbox>
        ))}
      </FieldGroup>
      <FlowChoice
        chosen={draft.flows}
        flows={flows}
        error={errorOf("flows")}
        onChange={(chosen) => onChange({ flows: chosen })}
      />
      <Field label="Expires" help={describeExpiry(draft.days)} error={errorOf("expires_at")}>
        {(control) => (
          <Select
            {...control}
            choices={expiryChoices}
            value={draft.days}
            onChange={(days) => onChange({ days })}
          />
        )}
      </Field>
    </>
  );
}
