import { Navigate, useSearchParams } from "react-router";
import { useMe } from "../../api/session";
import { useSignInState } from "../../api/sign-in";
import { usePageTitle } from "../../ui/usePageTitle";
import { joinClasses } from "../../ui/classes";
import { Mark } from "../../ui/icons/Icon";
import text from "../../ui/text.module.css";
import { getNextPage } from "./next-page";
import { ProviderButton } from "./ProviderButton";
import { SignInForm } from "./SignInForm";
import styles from "./SignInPage.module.css";

export function SignInPage() {
  usePageTitle("Sign in");
  const me = useMe();
  const signIn = useSignInState();
  const [search] = useSearchParams();
  if (me.data && !me.error) return <Navigate to={getNextPage(search)} replace />;
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <Mark />
        <h1 className={styles.title}>Sign in to Millrace</h1>
        <SignInForm />
        {signIn.data?.needs_code ? null : <ProviderButton way={{ next: getNextPage(search) }} />}
        <p className={styles.help}>
          Forgot your password? An admin of your workspace can make a link that sets a new one. Or whoever
          runs the server can print a one-time sign-in link:{" "}
          <code className={joinClasses(text.code, styles.command)}>manage.py sign_in_link --user NAME</code>,
          or <code className={joinClasses(text.code, styles.command)}>make sign-in-link</code> in the demo.
        </p>
      </div>
    </main>
  );
}
