import { useState } from "react";
import { useNavigate } from "react-router";
import { type JoinBody, useInvitation, useJoin } from "../../api/joining";
import { describeError } from "../../api/refusals";
import { isCodeRequired } from "../../api/sign-in";
import type { OpenedInvitation } from "../../api/types";
import { Button, LinkButton } from "../../ui/controls/Button";
import { Notice } from "../../ui/feedback/Notice";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { formatDay } from "../../ui/format";
import { useSignOutAndLeave } from "../account/useSignOutAndLeave";
import { roleTitles } from "../account/session";
import { CodeForm } from "../sign-in/CodeForm";
import { ProviderButton } from "../sign-in/ProviderButton";
import { AccountFields, type AccountDraft, emptyAccount } from "./AccountFields";
import { LinkPage } from "./LinkPage";
import styles from "./LinkPage.module.css";
import { useLinkToken } from "./link-token";

/** What an invitation's link opens: it says to what it invites, and joins. */
export function JoinPage() {
  const token = useLinkToken();
  const { data, error } = useInvitation(token);
  if (data) return <Invited token={token} invitation={data} />;
  return (
    <LinkPage title="Join a workspace">
      {error ? (
        <PageError
          title="This link cannot be used"
          error={error}
          ways={
            <LinkButton to="/" size="l">
              Open Millrace
            </LinkButton>
          }
        />
      ) : (
        <SkeletonRows rows={2} label="Loading the invitation" />
      )}
    </LinkPage>
  );
}

function Invited({ token, invitation }: { token: string; invitation: OpenedInvitation }) {
  const join = useJoin(token);
  const navigate = useNavigate();
  const submit = (body: JoinBody) => join.mutate(body, { onSuccess: () => void navigate("/flows") });
  const { workspace, role, invited_by, expires_at, person } = invitation;
  if (isCodeRequired(join.error))
    return (
      <LinkPage title={`Join ${workspace}`}>
        <CodeForm onDone={() => void navigate("/flows")} onCancel={join.reset} />
      </LinkPage>
    );
  return (
    <LinkPage title={`Join ${workspace}`}>
      <p className={styles.words}>
        {invited_by ? `${invited_by} invites you` : "You are invited"} as {roleTitles[role].toLowerCase()}.
        The link works once, until {formatDay(expires_at)}.
      </p>
      {person === null ? (
        <AccountForm
          token={token}
          invitation={invitation}
          error={join.error}
          busy={join.isPending}
          onSubmit={submit}
        />
      ) : (
        <OwnAccount person={person} error={join.error} busy={join.isPending} onSubmit={submit} />
      )}
    </LinkPage>
  );
}

interface JoinFormProps {
  error: Error | null;
  busy: boolean;
  onSubmit: (body: JoinBody) => void;
}

function OwnAccount({ person, error, busy, onSubmit }: JoinFormProps & { person: string }) {
  const signOut = useSignOutAndLeave();
  return (
    <>
      {error ? <Notice kind="failed">{describeError(error)}</Notice> : null}
      <Button
        kind="solid"
        size="l"
        className={styles.submit}
        busy={busy}
        autoFocus
        onClick={() => onSubmit({ path: "accept-invitation" })}
      >
        Join as {person}
      </Button>
      <Button size="l" className={styles.other} onClick={signOut}>
        Sign out, to use another account
      </Button>
    </>
  );
}

function AccountForm({
  token,
  invitation,
  error,
  busy,
  onSubmit,
}: JoinFormProps & { token: string; invitation: OpenedInvitation }) {
  const [isNew, setIsNew] = useState(true);
  const [draft, setDraft] = useState<AccountDraft>(emptyAccount);
  const { username, name, password } = draft;
  const submit = () =>
    onSubmit(isNew ? { path: "sign-up", username, name, password } : { path: "sign-in", username, password });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) submit();
      }}
    >
      <AccountFields
        isNew={isNew}
        address={invitation.address}
        draft={draft}
        error={error}
        onChange={(change) => setDraft((now) => ({ ...now, ...change }))}
      />
      <Button type="submit" kind="solid" size="l" className={styles.submit} busy={busy}>
        {isNew ? "Create account and join" : "Sign in and join"}
      </Button>
      <Button size="l" kind="quiet" className={styles.other} onClick={() => setIsNew(!isNew)}>
        {isNew ? "I have an account" : "I have no account yet"}
      </Button>
      <ProviderButton way={{ invitation: token, next: "/flows" }} />
    </form>
  );
}
