import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";

interface CodeFieldProps {
  help: string;
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

/** The code of a second factor, as phones and password managers recognize it. */
export function CodeField({ help, value, error, onChange }: CodeFieldProps) {
  return (
    <Field label="Code" help={help} error={error}>
      {(control) => (
        <Input
          {...control}
          name="code"
          code
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
          required
          maxLength={20}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
