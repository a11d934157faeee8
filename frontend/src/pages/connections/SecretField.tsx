import { useState } from "react";
import type { ConnectionField, SecretPresence } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Icon } from "../../ui/icons/Icon";
import { Input } from "../../ui/controls/Input";
import secretStyles from "../../ui/controls/secret.module.css";

interface SecretFieldProps {
  field: ConnectionField;
  /** What the server says about the stored secret. */
  stored: SecretPresence | undefined;
  typed: string | undefined;
  error: string | null;
  /** `undefined` keeps the stored secret. */
  onChange: (typed: string | undefined) => void;
}

/** A secret. A person can set and replace it, but never read it. */
export function SecretField({ field, stored, typed, error, onChange }: SecretFieldProps) {
  const [replacing, setReplacing] = useState(false);
  if (stored?.set && !replacing && typed === undefined) {
    return <StoredSecret field={field} stored={stored} onReplace={() => setReplacing(true)} />;
  }
  const keep = () => {
    setReplacing(false);
    onChange(undefined);
  };
  return (
    <Field label={field.title} required={field.required} error={error} help={field.description}>
      {(control) => (
        <div className={secretStyles.secret}>
          <Input
            {...control}
            code
            type="password"
            autoComplete="new-password"
            autoFocus={replacing}
            placeholder={stored?.set ? "The new key" : undefined}
            value={typed ?? ""}
            onChange={(event) => onChange(event.target.value)}
          />
          {stored?.set ? (
            <Button size="l" onClick={keep}>
              Keep ••••{stored.last4}
            </Button>
          ) : null}
        </div>
      )}
    </Field>
  );
}

interface StoredSecretProps {
  field: ConnectionField;
  stored: SecretPresence;
  onReplace: () => void;
}

function StoredSecret({ field, stored, onReplace }: StoredSecretProps) {
  return (
    <Field label={field.title} help="Stored encrypted. It can be replaced, never read back.">
      {({ id }) => (
        <div className={secretStyles.secret}>
          <output id={id} className={secretStyles.stored}>
            <Icon name="lock" size={14} />
            ••••••••{stored.last4}
          </output>
          <Button size="l" onClick={onReplace}>
            Replace key
          </Button>
        </div>
      )}
    </Field>
  );
}
