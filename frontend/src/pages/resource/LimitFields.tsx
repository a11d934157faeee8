import { getFieldError } from "../../api/refusals";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { findLimitFault, limitFields, type LimitsDraft, noLimits } from "./limits";
import styles from "./LimitFields.module.css";

interface LimitFieldsProps {
  draft: LimitsDraft;
  /** Why the server refused the limits. */
  error: Error | null;
  /** The field of the request that holds the limits, where they are not fields of it themselves. */
  within?: string;
  onChange: (draft: LimitsDraft) => void;
}

/** What a key, or the visitors of a chat page, may use at most. */
export function LimitFields({ draft, error, within, onChange }: LimitFieldsProps) {
  return (
    <div className={styles.limits}>
      {limitFields.map(({ name, title, unit }) => (
        <Field
          key={name}
          label={title}
          error={getFieldError(error, within ? `${within}.${name}` : name)}
          fault={findLimitFault({ ...noLimits, [name]: draft[name] })}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              placeholder="No limit"
              end={unit}
              value={draft[name]}
              onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
