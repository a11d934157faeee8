import { useAccount } from "../../api/account";
import type { Account } from "../../api/types";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { PageHead } from "../resource/PageHead";
import styles from "./AccountPage.module.css";
import { PasswordForm } from "./PasswordForm";
import { ProviderSection } from "./ProviderSection";
import { SecondFactorSection } from "./SecondFactorSection";
import { Sessions } from "./Sessions";

/** The person's own account: how to sign in, and the browsers that are signed in. */
export function AccountPage() {
  const { data, error, refetch } = useAccount();
  return (
    <main>
      <PageHead title="Account" />
      {data ? <Content account={data} /> : null}
      {!data && error ? (
        <PageError title="The account cannot be shown" error={error} onAct={() => void refetch()} />
      ) : null}
      {!data && !error ? <SkeletonRows label="Loading the account" /> : null}
    </main>
  );
}

function Content({ account }: { account: Account }) {
  return (
    <>
      <dl className={styles.facts}>
        <Fact title="Name">{account.name}</Fact>
        <Fact title="User name">{account.username}</Fact>
        {account.address ? <Fact title="Mail address">{account.address}</Fact> : null}
      </dl>
      <section className={styles.section} aria-labelledby="password">
        <h2 id="password" className={styles.title}>
          Password
        </h2>
        <PasswordForm hasPassword={account.has_password} username={account.username} />
      </section>
      {account.second_factor ? (
        <SecondFactorSection account={account} factor={account.second_factor} />
      ) : null}
      {account.provider ? <ProviderSection provider={account.provider} /> : null}
      <Sessions sessions={account.sessions} />
    </>
  );
}

function Fact({ title, children }: { title: string; children: string }) {
  return (
    <div className={styles.fact}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
