import { useSignOutAndLeave } from "../pages/account/useSignOutAndLeave";
import { ErrorPage } from "../ui/feedback/PageError";

/** For a person who is signed in and a member of no workspace. */
export function NoWorkspacePage({ error }: { error: Error }) {
  const signOut = useSignOutAndLeave();
  return <ErrorPage title="You are in no workspace" error={error} action="Sign out" onAct={signOut} />;
}
