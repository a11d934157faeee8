import type { ConnectionField, Json } from "../../api/types";
import { Field, type FieldControl } from "../../ui/controls/Field";
import { Input, Select } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import styles from "./ConnectionDialog.module.css";

interface SettingFieldProps {
  field: ConnectionField;
  value: Json;
  /** Why the server refused the value. */
  error: string | null;
  /** Why the typed value cannot be sent. */
  fault: string | null;
  /** Saving deletes the key. */
  warning: boolean;
  onChange: (value: Json) => void;
}

export function SettingField({ field, value, error, fault, warning, onChange }: SettingFieldProps) {
  return (
    <div className={field.type === "text" ? styles.whole : undefined}>
      <Field
        label={field.title}
        required={field.required}
        optional={!field.required && field.type === "text"}
        help={warning ? null : field.description}
        error={error}
        fault={fault}
      >
        {(control) => (
          <>
            <Setting field={field} control={control} value={value} onChange={onChange} />
            {warning ? (
              <Notice kind="warning">
                Saving clears the key, so that it is never sent to another host. Replace the key to give one
                for this host.
              </Notice>
            ) : null}
          </>
        )}
      </Field>
    </div>
  );
}

interface SettingProps {
  field: ConnectionField;
  control: FieldControl;
  value: Json;
  onChange: (value: Json) => void;
}

function Setting({ field, control, value, onChange }: SettingProps) {
  if (field.type === "select") {
    return <Select {...control} choices={field.choices ?? []} value={value} onChange={onChange} />;
  }
  const figure = field.type === "integer";
  return (
    <Input
      {...control}
      code={!figure}
      inputMode={figure ? "numeric" : undefined}
      end={field.unit}
      placeholder={typeof field.default === "object" ? undefined : String(field.default)}
      value={typeof value === "string" ? value : ""}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
