import { type SubmitEvent, useState } from "react";
import { useChangePassword } from "../../api/account";
import { getFieldError, getFormError } from "../../api/refusals";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import { showDoneToast } from "../../ui/feedback/toasts";
import styles from "./AccountPage.module.css";

const empty = { current: "", password: "" };

interface PasswordFormProps {
  /** Who came by a link has none yet, and need not give it. */
  hasPassword: boolean;
  username: string;
}

export function PasswordForm({ hasPassword, username }: PasswordFormProps) {
  const change = useChangePassword();
  const [draft, setDraft] = useState(empty);
  const set = (field: keyof typeof empty) => (value: string) =>
    setDraft((now) => ({ ...now, [field]: value }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change.mutate(draft, {
      onSuccess: () => {
        setDraft(empty);
        showDoneToast("Password changed", { text: "You are signed out everywhere else." });
      },
    });
  };
  const formError = getFormError(change.error, ["current", "password"]);
  return (
    <form className={styles.form} onSubmit={submit}>
      {/* For password managers. */}
      <input type="hidden" name="username" autoComplete="username" value={username} readOnly />
      {hasPassword ? (
        <PasswordField
          label="Current password"
          autoComplete="current-password"
          value={draft.current}
          error={getFieldError(change.error, "current")}
          onChange={set("current")}
        />
      ) : null}
      <PasswordField
        label="New password"
        autoComplete="new-password"
        help="Eight characters or more. You are signed out everywhere else."
        value={draft.password}
        error={getFieldError(change.error, "password")}
        onChange={set("password")}
      />
      {formError ? <Notice kind="failed">{formError}</Notice> : null}
      <Button type="submit" size="l" busy={change.isPending}>
        {hasPassword ? "Change password" : "Set password"}
      </Button>
    </form>
  );
}

interface PasswordFieldProps {
  label: string;
  autoComplete: string;
  help?: string;
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}

function PasswordField({ label, autoComplete, help, value, error, onChange }: PasswordFieldProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(control) => (
        <Input
          {...control}
          type="password"
          autoComplete={autoComplete}
          required
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
