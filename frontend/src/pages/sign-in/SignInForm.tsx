import { type SubmitEvent, useState } from "react";
import { describeError } from "../../api/refusals";
import { useSignIn } from "../../api/session";
import { isCodeRequired, useSignInState } from "../../api/sign-in";
import { Button } from "../../ui/controls/Button";
import { Field } from "../../ui/controls/Field";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import { CodeForm } from "./CodeForm";
import styles from "./SignInForm.module.css";

/**
 * Asks for the user name and the password, then for the code of whoever has a second factor, and signs in. Whoever shows
 * it sees the session begin.
 */
export function SignInForm() {
  const signIn = useSignIn();
  const state = useSignInState();
  if (isCodeRequired(signIn.error) || state.data?.needs_code) return <CodeForm onCancel={signIn.reset} />;
  return <PasswordForm signIn={signIn} />;
}

function PasswordForm({ signIn }: { signIn: ReturnType<typeof useSignIn> }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate({ username, password });
  };
  return (
    <form onSubmit={submit}>
      <Field label="User name">
        {(control) => (
          <Input
            {...control}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoFocus
            required
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(control) => (
          <Input
            {...control}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {signIn.error ? <Notice kind="failed">{describeError(signIn.error)}</Notice> : null}
      <Button type="submit" kind="solid" size="l" className={styles.submit} busy={signIn.isPending}>
        {signIn.isPending ? "Signing in" : "Sign in"}
      </Button>
    </form>
  );
}
