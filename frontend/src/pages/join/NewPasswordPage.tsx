import { type SubmitEvent, useState } from "react";
import { useNavigate } from "react-router";
import { useResetPassword } from "../../api/joining";
import { getFieldError, getFormError } from "../../api/refusals";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import { showDoneToast } from "../../ui/feedback/toasts";
import { LinkPage } from "./LinkPage";
import styles from "./LinkPage.module.css";
import { useLinkToken } from "./link-token";

/** What a password link opens: it sets a new password without the old one. */
export function NewPasswordPage() {
  const reset = useResetPassword(useLinkToken());
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const formError = getFormError(reset.error, ["password"]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (reset.isPending) return;
    reset.mutate(password, {
      onSuccess: () => {
        showDoneToast("Password changed", { text: "Sign in with it." });
        void navigate("/sign-in");
      },
    });
  };
  return (
    <LinkPage title="Set a new password">
      <p className={styles.words}>You are signed out everywhere, and sign in with the new password.</p>
      <form onSubmit={submit}>
        <Field
          label="New password"
          help="Eight characters or more."
          error={getFieldError(reset.error, "password")}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="new-password"
              autoFocus
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {formError ? <Notice kind="failed">{formError}</Notice> : null}
        <Button type="submit" kind="solid" size="l" className={styles.submit} busy={reset.isPending}>
          {reset.isPending ? "Setting" : "Set password"}
        </Button>
      </form>
    </LinkPage>
  );
}
