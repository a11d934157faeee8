import { type SubmitEvent, useId, useState } from "react";
import { useCreateApiKey } from "../../api/apiKeys";
import { fieldError, refusalElsewhere } from "../../api/refusals";
import type { FlowRow } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Checkbox } from "../../ui/controls/Checkbox";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Input, Select } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import { type Draft, draftErrors, emptyDraft, expiries, expiryWords, toggle, toSend } from "./draft";
import { FlowChoice } from "./FlowChoice";
import { policies } from "./policies";
import { ShownOnce } from "./ShownOnce";

interface NewApiKeyDialogProps {
  flows: FlowRow[];
  onClose: () => void;
}

/** Asks what the key may do; then shows the key, this once. */
export function NewApiKeyDialog({ flows, onClose }: NewApiKeyDialogProps) {
  const create = useCreateApiKey();
  const id = useId();
  const [draft, setDraft] = useState(emptyDraft);
  const [tried, setTried] = useState(false);
  const errors = draftErrors(draft);
  if (create.data) return <ShownOnce apiKey={create.data} flows={flows} onClose={onClose} />;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length === 0) create.mutate(toSend(draft));
  };
  const elsewhere = refusalElsewhere(create.error, ["name", "policies", "flows", "expires_at"]);
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
            errorOf={(name) => fieldError(create.error, name) ?? (tried ? (errors[name] ?? null) : null)}
            onChange={(change) => setDraft((now) => ({ ...now, ...change }))}
          />
          {elsewhere ? <Notice kind="failed">{elsewhere}</Notice> : null}
        </form>
      </DialogBody>
    </Dialog>
  );
}

interface FieldsProps {
  draft: Draft;
  flows: FlowRow[];
  errorOf: (name: keyof Draft | "expires_at") => string | null;
  onChange: (change: Partial<Draft>) => void;
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
            onChange={(on) => onChange({ policies: toggle(draft.policies, value, on) })}
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
      <Field label="Expires" help={expiryWords(draft.days)} error={errorOf("expires_at")}>
        {(control) => (
          <Select
            {...control}
            choices={expiries}
            value={draft.days}
            onChange={(days) => onChange({ days })}
          />
        )}
      </Field>
    </>
  );
}
