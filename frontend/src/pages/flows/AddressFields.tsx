import { MAX_ADDRESS_CHARACTERS } from "../../api/limits";
import { getFieldError } from "../../api/refusals";
import { IconButton } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { Input } from "../../ui/controls/Input";
import styles from "./AddressFields.module.css";

interface AddressFieldsProps {
  address: string;
  /** The old names that still lead to the flow. */
  aliases: string[];
  error: Error | null;
  onAddress: (address: string) => void;
  onAliases: (aliases: string[]) => void;
}

/** The name by which callers address the flow, and the names that it had before. */
export function AddressFields({ address, aliases, error, onAddress, onAliases }: AddressFieldsProps) {
  return (
    <>
      <Field
        label="Address name"
        required
        help="Callers name the flow by it: in addresses, and as the model of chat clients. An old name still leads here."
        error={getFieldError(error, "address")}
      >
        {(control) => (
          <Input
            {...control}
            code
            maxLength={MAX_ADDRESS_CHARACTERS}
            value={address}
            onChange={(event) => onAddress(event.target.value)}
          />
        )}
      </Field>
      {aliases.length > 0 ? (
        <FieldGroup legend="Old names that lead here" error={getFieldError(error, "aliases")}>
          <ul className={styles.aliases}>
            {aliases.map((alias) => (
              <li key={alias} className={styles.alias}>
                <code>{alias}</code>
                <IconButton
                  icon="trash"
                  label={`Forget ${alias}`}
                  onClick={() => onAliases(aliases.filter((each) => each !== alias))}
                />
              </li>
            ))}
          </ul>
        </FieldGroup>
      ) : null}
    </>
  );
}
