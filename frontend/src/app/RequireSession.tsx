import { useState } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { ApiError } from "../api/client";
import { hasNoWorkspace, useMe } from "../api/session";
import type { Me } from "../api/types";
import { claimKeptTexts } from "../ui/useKeptText";
import { ErrorPage } from "../ui/feedback/PageError";
import { getSignInAddress } from "../pages/sign-in/next-page";
import { SessionContext } from "../pages/account/session";
import { FactorNeededPage } from "./FactorNeededPage";
import { NoWorkspacePage } from "./NoWorkspacePage";

/**
 * Shows its pages to a person who is signed in; leads everyone else to the sign-in page, and back here after it. A page
 * that is open when the session ends stays open, so that nothing on it is lost: `ServerNotice` says so. Another person
 * who signs in there gets new pages.
 */
export function RequireSession() {
  const me = useMe();
  const location = useLocation();
  if (me.data) {
    return <PersonPages key={me.data.user.id} me={me.data} />;
  }
  if (me.error instanceof ApiError && me.error.isSignedOut) {
    return <Navigate to={getSignInAddress(location)} replace />;
  }
  if (me.error && hasNoWorkspace(me.error)) return <NoWorkspacePage error={me.error} />;
  if (me.error) {
    return <ErrorPage title="Millrace cannot be opened" error={me.error} onAct={() => void me.refetch()} />;
  }
  return null;
}

/** The pages of one person. What another one has typed in this tab is forgotten before they are drawn. */
function PersonPages({ me }: { me: Me }) {
  useState(() => claimKeptTexts(me.user.id));
  return (
    <SessionContext value={me}>
      {me.second_factor.is_missing ? <FactorNeededPage me={me} /> : <Outlet />}
    </SessionContext>
  );
}
