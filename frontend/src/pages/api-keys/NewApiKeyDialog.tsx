import { useState } from "react";
import { useCreateApiKey } from "../../api/api-keys";
import { getFieldError } from "../../api/refusals";
import type { FlowRow } from "../../api/types";
import { Checkbox } from "../../ui/controls/Checkbox";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Input, Select } from "../../ui/controls/Input";
import { NameField, ResourceDialog } from "../resource/ResourceDialog";
import {
  type ApiKeyDraft,
  checkDraft,
  describeExpiry,
  emptyApiKeyDraft,
  expiryChoices,
  toApiKeyBody,
  toggleValue,
} from "./api-key-draft";
import { ApiKeySecretDialog } from "./ApiKeySecretDialog";
import { FlowChoice } from "./FlowChoice";
import { policies } from "./policies";

interface NewApiKeyDialogProps {
  flows: FlowRow[];
  onClose: () => void;
}

/** Asks what the key may do; then shows the key, which no one can see again. */
export function NewApiKeyDialog({ flows, onClose }: NewApiKeyDialogProps) {
  const create = useCreateApiKey();
  const [draft, setDraft] = useState(emptyApiKeyDraft);
  const [isSubmitted, setIsSubmitted] = useState(false);
  const errors = checkDraft(draft);
  if (create.data) return <ApiKeySecretDialog apiKey={create.data} flows={flows} onClose={onClose} />;
  const submit = () => {
    setIsSubmitted(true);
    if (Object.keys(errors).length === 0) create.mutate(toApiKeyBody(draft));
  };
  return (
    <ResourceDialog
      title="New API key"
      submitLabel={create.isPending ? "Creating" : "Create key"}
      busy={create.isPending}
      error={create.error}
      fieldNames={["name", "policies", "flows", "origins", "expires_at"]}
      onSubmit={submit}
      onClose={onClose}
    >
      <Fields
        draft={draft}
        flows={flows}
        error={create.error}
        errors={isSubmitted ? errors : {}}
        onChange={(change) => setDraft((now) => ({ ...now, ...change }))}
      />
    </ResourceDialog>
  );
}

interface FieldsProps {
  draft: ApiKeyDraft;
  flows: FlowRow[];
  /** Why the server refused the key. */
  error: Error | null;
  /** What keeps the key from being sent, by field. */
  errors: Partial<Record<string, string>>;
  onChange: (change: Partial<ApiKeyDraft>) => void;
}

function Fields({ draft, flows, error, errors, onChange }: FieldsProps) {
  const getError = (name: string): string | null => getFieldError(error, name) ?? errors[name] ?? null;
  return (
    <>
      <NameField
        value={draft.name}
        help="The program that will use it."
        error={error}
        ownError={errors.name}
        onChange={(name) => onChange({ name })}
      />
      <FieldGroup legend="The key may" error={getError("policies")}>
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
        error={getError("flows")}
        onChange={(chosen) => onChange({ flows: chosen })}
      />
      <Field
        label="Web pages"
        help="The origins of pages that call with this key, such as https://www.example.com. Leave it empty for a program that is no web page."
        error={getError("origins")}
      >
        {(control) => (
          <Input
            {...control}
            code
            placeholder="https://www.example.com"
            value={draft.origins}
            onChange={(event) => onChange({ origins: event.target.value })}
          />
        )}
      </Field>
      <Field label="Expires" help={describeExpiry(draft.days)} error={getError("expires_at")}>
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
