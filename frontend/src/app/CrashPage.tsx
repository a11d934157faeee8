import { useRouteError } from "react-router";
import { PageError } from "../ui/feedback/PageError";

/**
 * Shows an error that a page threw while it was drawn, or that its code could not be loaded after an update of the
 * server.
 */
export function CrashPage() {
  const thrown = useRouteError();
  const error = thrown instanceof Error ? thrown : new Error("It gave no reason.");
  return (
    <PageError
      title="This page cannot be shown"
      error={error}
      action="Load again"
      onAct={() => location.reload()}
    />
  );
}
