import { useState } from "react";
import { useAccount } from "../api/account";
import { useSwitchWorkspace } from "../api/session";
import type { Me } from "../api/types";
import { useSignOutAndLeave } from "../pages/account/useSignOutAndLeave";
import { LinkPage } from "../pages/join/LinkPage";
import styles from "../pages/join/LinkPage.module.css";
import { SetUpDialog } from "../pages/second-factor/SetUpDialog";
import { Button } from "../ui/controls/Button";

/** For a member of a workspace that requires a second factor, who signed in without one. */
export function FactorNeededPage({ me }: { me: Me }) {
  const { data: account } = useAccount();
  const [isOpen, setIsOpen] = useState(false);
  const signOut = useSignOutAndLeave();
  const hasFactor = Boolean(account?.second_factor?.since);
  const words = hasFactor
    ? "You have one. Sign out, and sign in with it."
    : "Set one up, with an authenticator app on your phone or in your password manager, to see the workspace.";
  return (
    <LinkPage title={`${me.workspace.name} requires a second factor`}>
      <p className={styles.words}>{words}</p>
      {account && !hasFactor ? (
        <Button kind="solid" size="l" className={styles.submit} autoFocus onClick={() => setIsOpen(true)}>
          Set up a second factor
        </Button>
      ) : null}
      <OtherWorkspaces me={me} />
      <Button size="l" className={styles.other} onClick={signOut}>
        Sign out
      </Button>
      {account && isOpen ? (
        <SetUpDialog hasPassword={account.has_password} onClose={() => setIsOpen(false)} />
      ) : null}
    </LinkPage>
  );
}

function OtherWorkspaces({ me }: { me: Me }) {
  const change = useSwitchWorkspace();
  return me.workspaces
    .filter(({ id }) => id !== me.workspace.id)
    .map(({ id, name }) => (
      <Button
        key={id}
        size="l"
        className={styles.other}
        busy={change.isPending}
        onClick={() => change.mutate(id)}
      >
        Go to {name}
      </Button>
    ));
}
