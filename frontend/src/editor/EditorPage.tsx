import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useNavigate, useParams } from "react-router";
import { ApiError } from "../api/client";
import { useCatalogue } from "../api/catalogue";
import { useFlow } from "../api/flows";
import { queryKeys } from "../api/query-keys";
import { usePageTitle } from "../ui/usePageTitle";
import { PageError } from "../ui/feedback/PageError";
import { Editor } from "./Editor";
import { EditorSkeleton } from "./EditorSkeleton";
import styles from "./EditorPage.module.css";

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
  const error = flow.data ? catalogue.error : (flow.error ?? catalogue.error);
  if (error)
    return (
      <LoadError error={error} onAgain={() => void Promise.all([flow.refetch(), catalogue.refetch()])} />
    );
  if (!flow.data || !catalogue.data) return <EditorSkeleton />;
  return <Editor flow={flow.data} name={flow.data.name} catalogue={catalogue.data} />;
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
  const navigate = useNavigate();
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <main className={styles.alone}>
      {gone ? (
        <PageError
          title="This flow does not exist"
          error={error}
          action="All flows"
          onAct={() => void navigate("/flows")}
        />
      ) : (
        <PageError title="The flow cannot be shown" error={error} onAct={onAgain} />
      )}
    </main>
  );
}
