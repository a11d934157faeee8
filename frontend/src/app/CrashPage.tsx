import { useRouteError } from "react-router";
import { ApiError } from "../api/client";
import { PartError } from "../api/load-part";
import { LinkButton } from "../ui/controls/Button";
import { ErrorPage } from "../ui/feedback/PageError";

/**
 * Shows an error that a page threw while it was drawn, or that its code could not be loaded after an update of the
 * server.
 */
export function CrashPage() {
  const error = explain(useRouteError());
  return (
    <ErrorPage
      title="This page cannot be shown"
      error={error}
      action="Load again"
      onAct={() => location.reload()}
      // The document is loaded anew, because what has thrown may be a part that every page has.
      ways={
        <LinkButton to="/flows" size="l" reloadDocument>
          All flows
        </LinkButton>
      }
    />
  );
}

/** An error of the page itself, whose own words are the browser's, and say nothing to who reads them. */
class DrawingError extends Error {
  readonly hint = "What was saved is safe. Load the page again.";

  constructor(readonly browserMessage: string) {
    super("An error of the page itself stopped it.");
  }
}

function explain(thrown: unknown): Error {
  if (thrown instanceof ApiError || thrown instanceof PartError) return thrown;
  return new DrawingError(thrown instanceof Error ? thrown.message : String(thrown));
}
