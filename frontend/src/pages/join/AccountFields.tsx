import type { ComponentProps } from "react";
import { getFieldError, getFormError } from "../../api/refusals";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";

export interface AccountDraft {
  username: string;
  name: string;
  password: string;
}

export const emptyAccount: AccountDraft = { username: "", name: "", password: "" };

interface AccountFieldsProps {
  /** A new account, or one that the person has. */
  isNew: boolean;
  /** The mail address that the new account gets; empty for none. */
  address: string;
  draft: AccountDraft;
  error: Error | null;
  onChange: (change: Partial<AccountDraft>) => void;
}

export function AccountFields({ isNew, address, draft, error, onChange }: AccountFieldsProps) {
  const formError = getFormError(error, isNew ? ["username", "name", "password"] : []);
  const fieldError = (field: keyof AccountDraft) => (isNew ? getFieldError(error, field) : null);
  return (
    <>
      {isNew ? (
        <TextInput
          label="Your name"
          autoComplete="name"
          maxLength={150}
          value={draft.name}
          error={fieldError("name")}
          onType={(name) => onChange({ name })}
        />
      ) : null}
      <TextInput
        label="User name"
        autoComplete="username"
        autoCapitalize="none"
        maxLength={150}
        help={isNew ? describeUserName(address) : undefined}
        value={draft.username}
        error={fieldError("username")}
        onType={(username) => onChange({ username })}
      />
      <TextInput
        label="Password"
        type="password"
        autoComplete={isNew ? "new-password" : "current-password"}
        help={isNew ? "Eight characters or more." : undefined}
        value={draft.password}
        error={fieldError("password")}
        onType={(password) => onChange({ password })}
      />
      {formError ? <Notice kind="failed">{formError}</Notice> : null}
    </>
  );
}

function describeUserName(address: string): string {
  return address ? `You sign in with it. The account gets the address ${address}.` : "You sign in with it.";
}

interface TextInputProps extends Omit<ComponentProps<typeof Input>, "onChange"> {
  label: string;
  help?: string;
  error: string | null;
  onType: (value: string) => void;
}

function TextInput({ label, help, error, onType, ...rest }: TextInputProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <Input {...control} {...rest} required onChange={(event) => onType(event.target.value)} />
      )}
    </Field>
  );
}
