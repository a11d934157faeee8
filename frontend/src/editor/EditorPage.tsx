import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useParams } from "react-router";
import { ApiError } from "../api/client";
import { useCatalogue } from "../api/catalogue";
import { useFlow } from "../api/flows";
import { queryKeys } from "../api/query-keys";
import { usePageTitle } from "../ui/usePageTitle";
import { LinkButton } from "../ui/controls/Button";
import { ErrorPage } from "../ui/feedback/PageError";
import { Editor } from "./Editor";
import { EditorSkeleton } from "./EditorSkeleton";

/** The page of one flow. */
export function EditorPage() {
  const { flow: id = "" } = useParams();
  return <FlowEditor key={id} id={id} />;
}

function FlowEditor({ id }: { id: string }) {
  const flow = useFlow(id);
  const catalogue = useCatalogue();
  usePageTitle(flow.data?.name ?? "Flow");
  useDropCacheOnLeave(id);
  // What was loaded once stays, whatever a later call for it brings.
  if (flow.data && catalogue.data)
    return <Editor flow={flow.data} name={flow.data.name} catalogue={catalogue.data} />;
  const error = flow.error ?? catalogue.error;
  if (!error) return <EditorSkeleton />;
  return <LoadError error={error} onAgain={() => void Promise.all([flow.refetch(), catalogue.refetch()])} />;
}

/**
 * Removes the flow from the cache when the page closes, because the editor has saved a newer graph than the cached
 * one.
 */
function useDropCacheOnLeave(id: string): void {
  const client = useQueryClient();
  useEffect(() => () => client.removeQueries({ queryKey: queryKeys.flow(id) }), [client, id]);
}

function LoadError({ error, onAgain }: { error: Error; onAgain: () => void }) {
  const isGone = error instanceof ApiError && error.status === 404;
  const ways = (
    <LinkButton to="/flows" size="l">
      All flows
    </LinkButton>
  );
  return isGone ? (
    <ErrorPage title="This flow does not exist" error={error} ways={ways} />
  ) : (
    <ErrorPage title="The flow cannot be shown" error={error} onAct={onAgain} ways={ways} />
  );
}
