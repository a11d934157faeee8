import { describeError } from "../../api/refusals";
import { useGoToProvider } from "../../api/sign-in";
import type { LinkedProvider } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Notice } from "../../ui/feedback/Notice";
import { Tag } from "../../ui/feedback/Tag";
import styles from "./AccountPage.module.css";

/** Whether the person can sign in with the identity provider of the server, and the way to connect the account. */
export function ProviderSection({ provider }: { provider: LinkedProvider }) {
  const go = useGoToProvider();
  const isLeaving = go.isPending || go.isSuccess;
  const { name, is_linked } = provider;
  return (
    <section className={styles.section} aria-labelledby="provider">
      <h2 id="provider" className={styles.title}>
        {name} {is_linked ? <Tag>Connected</Tag> : null}
      </h2>
      <p className={styles.words}>
        {is_linked
          ? `You can sign in with ${name}.`
          : `Connect this account with yours at ${name}, to sign in with it.`}
      </p>
      {is_linked ? null : (
        <div className={styles.ways}>
          <Button size="l" busy={isLeaving} onClick={() => go.mutate({ connect: true })}>
            {isLeaving ? `Opening ${name}` : `Connect with ${name}`}
          </Button>
        </div>
      )}
      {go.error ? <Notice kind="failed">{describeError(go.error)}</Notice> : null}
    </section>
  );
}
