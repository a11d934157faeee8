import { useLocation } from "react-router";

/** The secret of the link by which this page was opened. It stands behind `#`, which browsers send to no server. */
export function useLinkToken(): string {
  return useLocation().hash.slice(1);
}
