import { describeError } from "../../api/refusals";
import { type ProviderWay, useGoToProvider, useSignInState } from "../../api/sign-in";
import { Button } from "../../ui/controls/Button";
import { Notice } from "../../ui/feedback/Notice";
import styles from "./SignInForm.module.css";

/** Leads to the identity provider of the server, where there is one. */
export function ProviderButton({ way }: { way: ProviderWay }) {
  const { data } = useSignInState();
  const go = useGoToProvider();
  if (!data?.provider) return null;
  const isLeaving = go.isPending || go.isSuccess;
  return (
    <>
      <p className={styles.or}>or</p>
      <Button size="l" className={styles.provider} busy={isLeaving} onClick={() => go.mutate(way)}>
        {isLeaving ? `Opening ${data.provider}` : `Sign in with ${data.provider}`}
      </Button>
      {go.error ? <Notice kind="failed">{describeError(go.error)}</Notice> : null}
    </>
  );
}
