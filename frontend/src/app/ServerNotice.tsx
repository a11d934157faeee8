import { useQueryClient } from "@tanstack/react-query";
import { useStore } from "zustand";
import { queryKeys } from "../api/query-keys";
import { withBasePath } from "../api/server-address";
import { checkServer, serverStateStore, type ServerState, setSigningIn } from "../api/server-state";
import type { Me } from "../api/types";
import { Button } from "../ui/controls/Button";
import { Icon } from "../ui/icons/Icon";
import styles from "./ServerNotice.module.css";
import { SignInDialog } from "./SignInDialog";

const notices = {
  offline: {
    title: "This device is offline.",
    remedy: "What you edit in a flow is kept in this browser, and saved when the network is back.",
  },
  unreachable: {
    title: "The server cannot be reached.",
    remedy: "What you edit in a flow is kept in this browser. The page connects again by itself.",
  },
  restarting: {
    title: "The server is restarting.",
    remedy: "What you edit in a flow is kept in this browser. The page connects again by itself.",
  },
} satisfies Record<Exclude<ServerState["reach"], "reachable">, { title: string; remedy: string }>;

/** Says at the top of every page why the server cannot be used, and what to do. Takes no room while it can. */
export function ServerNotice() {
  const { reach, isSignedOut, isRemoved, isSigningIn } = useStore(serverStateStore);
  // Before anybody has signed in, the sign-in page says all there is to say.
  const me = useQueryClient().getQueryData<Me>(queryKeys.me);
  const wasSignedIn = me !== undefined;
  return (
    <div role="status" aria-live="polite">
      {reach !== "reachable" ? (
        <Line {...notices[reach]} action="Try now" onAct={() => void checkServer()} />
      ) : isSignedOut && wasSignedIn ? (
        <Line
          title="You are signed out."
          remedy="This page stays as it is, and what you edit in a flow is kept in this browser."
          action="Sign in"
          onAct={() => setSigningIn(true)}
        />
      ) : isRemoved && me ? (
        <Line
          title={`You are no longer a member of ${me.workspace.name}.`}
          remedy="This page stays as it is, but nothing more can be saved or run. An admin can invite you again."
          action="Leave the page"
          onAct={leavePage}
        />
      ) : null}
      {isSigningIn && wasSignedIn ? <SignInDialog onClose={() => setSigningIn(false)} /> : null}
    </div>
  );
}

/** Loads the app anew, for the workspaces that are left. */
function leavePage(): void {
  location.assign(withBasePath("/"));
}

interface LineProps {
  title: string;
  remedy: string;
  action: string;
  onAct: () => void;
}

function Line({ title, remedy, action, onAct }: LineProps) {
  return (
    <div className={styles.line}>
      <Icon name="alert" />
      <p className={styles.words}>
        <b>{title}</b> {remedy}
      </p>
      <Button onClick={onAct}>{action}</Button>
    </div>
  );
}
