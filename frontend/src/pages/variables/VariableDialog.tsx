import { useId, useState } from "react";
import { getFieldError } from "../../api/refusals";
import { useCreateVariable, useUpdateVariable } from "../../api/variables";
import type { Environment, Variable } from "../../api/types";
import { Checkbox } from "../../ui/controls/Checkbox";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Tag } from "../../ui/feedback/Tag";
import { environments } from "../resource/environments";
import { NameField, ResourceDialog } from "../resource/ResourceDialog";
import { ValueField } from "./ValueField";
import { checkValue, findMissing, startDraft, toVariableBody, type VariableDraft } from "./variable-draft";

interface VariableDialogProps {
  /** Absent while the variable is new. */
  variable?: Variable;
  onClose: () => void;
}

/** The name of one variable, and its value in each environment. */
export function VariableDialog({ variable, onClose }: VariableDialogProps) {
  const create = useCreateVariable();
  const update = useUpdateVariable();
  const [draft, setDraft] = useState(() => startDraft(variable));
  const change = (changes: Partial<VariableDraft>) => setDraft((now) => ({ ...now, ...changes }));
  const busy = create.isPending || update.isPending;
  const error = create.error ?? update.error;
  const save = () => {
    const body = toVariableBody(draft, variable);
    if (variable) update.mutate({ id: variable.id, ...body }, { onSuccess: onClose });
    else create.mutate({ ...body, secret: draft.secret }, { onSuccess: onClose });
  };
  return (
    <ResourceDialog
      title={variable?.name ?? "New variable"}
      tag={variable?.secret ? <Tag>Secret</Tag> : null}
      submitLabel={busy ? "Saving" : "Save"}
      busy={busy}
      missing={findMissing(draft)}
      holdsWork={JSON.stringify(draft) !== JSON.stringify(startDraft(variable))}
      error={error}
      fieldNames={["name", ...environments.map(({ value }) => `values.${value}`)]}
      onSubmit={save}
      onClose={onClose}
    >
      <NameField
        autoFocus={!variable}
        value={draft.name}
        help={`Expressions read it as env.${draft.name.trim() || "NAME"}.`}
        error={error}
        onChange={(name) => change({ name })}
      />
      {variable ? null : <KindChoice secret={draft.secret} onChange={(secret) => change({ secret })} />}
      {environments.map(({ value, title }) => (
        <ValueField
          key={value}
          title={title}
          secret={draft.secret}
          stored={variable?.secret === true && variable.set_in.includes(value)}
          typed={draft.values[value]}
          error={getFieldError(error, `values.${value}`)}
          fault={checkValue(draft, value)}
          onChange={(typed) => change({ values: withValue(draft.values, value, typed) })}
        />
      ))}
    </ResourceDialog>
  );
}

interface KindChoiceProps {
  secret: boolean;
  onChange: (secret: boolean) => void;
}

function KindChoice({ secret, onChange }: KindChoiceProps) {
  const name = useId();
  return (
    <FieldGroup legend="Kind">
      <Checkbox
        type="radio"
        name={name}
        help="Admins read it here, and builders in their runs."
        checked={!secret}
        onChange={() => onChange(false)}
      >
        Plain
      </Checkbox>
      <Checkbox
        type="radio"
        name={name}
        help="Stored encrypted. It can be replaced, never read back, and runs show [hidden] in its place."
        checked={secret}
        onChange={() => onChange(true)}
      >
        Secret
      </Checkbox>
    </FieldGroup>
  );
}

/** The values with one of them replaced; `undefined` keeps what is stored. */
function withValue(
  values: VariableDraft["values"],
  environment: Environment,
  typed: string | undefined,
): VariableDraft["values"] {
  const others = Object.entries(values).filter(([other]) => other !== environment);
  return Object.fromEntries(typed === undefined ? others : [...others, [environment, typed]]);
}
