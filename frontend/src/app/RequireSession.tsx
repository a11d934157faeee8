import { Navigate, Outlet, useLocation } from "react-router";
import { ApiError } from "../api/client";
import { useMe } from "../api/session";
import { PageError } from "../ui/feedback/PageError";
import { getSignInAddress } from "../pages/sign-in/next-page";
import { SessionContext } from "../pages/account/session";

/** Shows its pages to a person who is signed in; leads everyone else to the sign-in page, and back here after it. */
export function RequireSession() {
  const me = useMe();
  const location = useLocation();
  if (me.error instanceof ApiError && me.error.isSignedOut) {
    return <Navigate to={getSignInAddress(location)} replace />;
  }
  if (me.data) {
    return (
      <SessionContext value={me.data}>
        <Outlet />
      </SessionContext>
    );
  }
  if (me.error) {
    return <PageError title="Millrace cannot be opened" error={me.error} onAct={() => void me.refetch()} />;
  }
  return null;
}
