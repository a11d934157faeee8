import { useState } from "react";
import { useEndOtherSessions, useEndSession } from "../../api/account";
import { describeError } from "../../api/refusals";
import type { BrowserSession } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { Tag } from "../../ui/feedback/Tag";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import { formatAgo, formatExact } from "../../ui/format";
import { Icon } from "../../ui/icons/Icon";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import page from "../resource/resource.module.css";
import { type ResourceColumn, ResourceName, ResourceTable } from "../resource/ResourceTable";
import styles from "./AccountPage.module.css";

/** The browsers in which the person is signed in, each but this one to be signed out. */
export function Sessions({ sessions }: { sessions: BrowserSession[] }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <section aria-labelledby="sessions">
      <div className={styles.head}>
        <h2 id="sessions" className={styles.title}>
          Signed in
        </h2>
        <Button
          className={styles.end}
          reason={sessions.length > 1 ? null : "You are signed in nowhere else."}
          onClick={() => setIsAsking(true)}
        >
          Sign out everywhere else
        </Button>
      </div>
      <ResourceTable label="Browsers that are signed in" columns={columns} items={sessions} />
      {isAsking ? <SignOutElsewhereDialog onClose={() => setIsAsking(false)} /> : null}
    </section>
  );
}

const columns: ResourceColumn<BrowserSession>[] = [
  {
    title: "Browser",
    render: ({ browser, is_current, began_at }) => (
      <ResourceName glyph={<Icon name="person" />} help={`Since ${formatExact(began_at)}`}>
        <span>
          {browser} {is_current ? <Tag>This browser</Tag> : null}
        </span>
      </ResourceName>
    ),
  },
  {
    title: "Last seen",
    getHint: ({ last_seen_at: at }) => formatExact(at),
    render: ({ last_seen_at: at }) => formatAgo(at),
  },
  {
    title: "Sign out",
    isTitleHidden: true,
    className: page.right,
    render: (session) => (session.is_current ? null : <SignOutButton session={session} />),
  },
];

function SignOutButton({ session }: { session: BrowserSession }) {
  const end = useEndSession();
  const signOut = () =>
    end.mutate(session.id, {
      onSuccess: () => showDoneToast("Signed out", { text: `${session.browser} is signed out.` }),
      onError: (error) => showFailedToast("Not signed out", { text: error.message }),
    });
  return (
    <Button kind="danger" aria-label={`Sign out ${session.browser}`} busy={end.isPending} onClick={signOut}>
      Sign out
    </Button>
  );
}

function SignOutElsewhereDialog({ onClose }: { onClose: () => void }) {
  const end = useEndOtherSessions();
  const confirm = () =>
    end.mutate(undefined, {
      onSuccess: () => {
        onClose();
        showDoneToast("Signed out everywhere else", { text: "This browser stays signed in." });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title="Sign out everywhere else?"
      action="Sign out"
      busy={end.isPending && "Signing out"}
      refusal={end.error && describeError(end.error)}
      onConfirm={confirm}
    >
      Every other browser needs the password again. What is open there ends within seconds.
    </AlertDialog>
  );
}
