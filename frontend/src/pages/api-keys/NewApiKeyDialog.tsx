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
  describeExpiry,
  emptyApiKeyDraft,
  expiryChoices,
  findMissing,
  findOriginsFault,
  toApiKeyBody,
  toggleValue,
} from "./api-key-draft";
import { ApiKeySecretDialog } from "./ApiKeySecretDialog";
import { environments } from "./environments";
import { FlowChoice } from "./FlowChoice";
import { LimitFields } from "../resource/LimitFields";
import { limitFields } from "../resource/limits";
import { policies } from "./policies";

interface NewApiKeyDialogProps {
  flows: FlowRow[];
  onClose: () => void;
}

/** Asks what the key may do; then shows the key, which no one can see again. */
export function NewApiKeyDialog({ flows, onClose }: NewApiKeyDialogProps) {
  const create = useCreateApiKey();
  const [draft, setDraft] = useState(emptyApiKeyDraft);
  const missing = findMissing(draft);
  if (create.data) return <ApiKeySecretDialog apiKey={create.data} flows={flows} onClose={onClose} />;
  return (
    <ResourceDialog
      title="New API key"
      submitLabel={create.isPending ? "Creating" : "Create key"}
      busy={create.isPending}
      missing={missing}
      holdsWork={draft !== emptyApiKeyDraft}
      error={create.error}
      fieldNames={[
        "name",
        "policies",
        "environments",
        "flows",
        "origins",
        "expires_at",
        ...limitFields.map(({ name }) => name),
      ]}
      onSubmit={() => create.mutate(toApiKeyBody(draft))}
      onClose={onClose}
    >
      <Fields
        draft={draft}
        flows={flows}
        error={create.error}
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
  onChange: (change: Partial<ApiKeyDraft>) => void;
}

function Fields({ draft, flows, error, onChange }: FieldsProps) {
  return (
    <>
      <NameField
        value={draft.name}
        help="The program that will use it."
        error={error}
        onChange={(name) => onChange({ name })}
      />
      <FieldGroup legend="The key may" error={getFieldError(error, "policies")}>
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
      <FieldGroup legend="Environments" error={getFieldError(error, "environments")}>
        {environments.map(({ value, title, help }) => (
          <Checkbox
            key={value}
            help={help}
            checked={draft.environments.includes(value)}
            onChange={(on) => onChange({ environments: toggleValue(draft.environments, value, on) })}
          >
            {title}
          </Checkbox>
        ))}
      </FieldGroup>
      <FlowChoice
        chosen={draft.flows}
        flows={flows}
        error={getFieldError(error, "flows")}
        onChange={(chosen) => onChange({ flows: chosen })}
      />
      <Field
        label="Allowed origins"
        help="The origins of web pages that call with this key. Leave it empty for a program that is no web page."
        error={getFieldError(error, "origins")}
        fault={findOriginsFault(draft)}
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
      <FieldGroup legend="Limits">
        <LimitFields draft={draft.limits} error={error} onChange={(limits) => onChange({ limits })} />
      </FieldGroup>
      <Field label="Expires" help={describeExpiry(draft.days)} error={getFieldError(error, "expires_at")}>
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
