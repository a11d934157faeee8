import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Icon } from "../../ui/icons/Icon";
import secretStyles from "../../ui/controls/secret.module.css";

interface ValueFieldProps {
  /** The environment. */
  title: string;
  secret: boolean;
  /** The server holds a secret value, which cannot be read back. */
  stored: boolean;
  typed: string | undefined;
  error: string | null;
  fault: string | null;
  /** `undefined` keeps the stored secret. */
  onChange: (typed: string | undefined) => void;
}

/** The value of one environment. A secret one can be set and replaced, but never read. */
export function ValueField({ title, secret, stored, typed, error, fault, onChange }: ValueFieldProps) {
  if (stored && typed === undefined) return <StoredSecret title={title} onReplace={() => onChange("")} />;
  return (
    <Field
      label={title}
      optional
      error={error}
      fault={fault}
      help={stored && typed === "" ? "Saving takes the stored value away." : undefined}
    >
      {(control) => (
        <div className={secretStyles.secret}>
          <Input
            {...control}
            code
            type={secret ? "password" : "text"}
            autoComplete={secret ? "new-password" : "off"}
            autoFocus={stored}
            placeholder={stored ? "The new value" : "Not set"}
            value={typed ?? ""}
            onChange={(event) => onChange(event.target.value)}
          />
          {stored ? (
            <Button size="l" onClick={() => onChange(undefined)}>
              Keep
            </Button>
          ) : null}
        </div>
      )}
    </Field>
  );
}

function StoredSecret({ title, onReplace }: { title: string; onReplace: () => void }) {
  return (
    <Field label={title}>
      {({ id }) => (
        <div className={secretStyles.secret}>
          <output id={id} className={secretStyles.stored}>
            <Icon name="lock" size={14} />
            Set
          </output>
          <Button size="l" onClick={onReplace} aria-label={`Replace the value of ${title}`}>
            Replace
          </Button>
        </div>
      )}
    </Field>
  );
}
