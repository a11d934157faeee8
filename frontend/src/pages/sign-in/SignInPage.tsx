import { type SubmitEvent, useState } from "react";
import { Navigate, useSearchParams } from "react-router";
import { useMe, useSignIn } from "../../api/session";
import { usePageTitle } from "../../ui/usePageTitle";
import { Button } from "../../ui/controls/Button";
import { joinClasses } from "../../ui/classes";
import { Field } from "../../ui/controls/Field";
import { Mark } from "../../ui/icons/Icon";
import { Input } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import text from "../../ui/text.module.css";
import { describeError } from "../../api/refusals";
import { getNextPage } from "./next-page";
import styles from "./SignInPage.module.css";

export function SignInPage() {
  usePageTitle("Sign in");
  const me = useMe();
  const [search] = useSearchParams();
  if (me.data && !me.error) return <Navigate to={getNextPage(search)} replace />;
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Mark />
        <h1 className={styles.title}>Sign in to Millrace</h1>
        <SignInForm />
        <p className={styles.help}>
          No password yet? Whoever runs the server can print a one-time sign-in link:{" "}
          <code className={joinClasses(text.code, styles.command)}>manage.py sign_in_link --user NAME</code>,
          or <code className={joinClasses(text.code, styles.command)}>make sign-in-link</code> in the demo.
        </p>
      </div>
    </main>
  );
}

function SignInForm() {
  const signIn = useSignIn();
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
