import { useEffect } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { queryKeys } from "../../api/query-keys";
import { useComparison, useVersions } from "../../api/versions";
import { getDraft, select } from "../../graph/store";
import { useGraph } from "../../graph/useGraph";
import { Button, IconButton } from "../../ui/controls/Button";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { focusNode } from "../canvas/gestures/focus";
import { changeLayout, useLayout } from "../layout";
import { ChangeList } from "./ChangeList";
import { ComparedSides } from "./ComparedSides";
import { describeSide } from "./compared-sides";
import { PublishedVersions } from "./PublishedVersions";
import { VersionRow } from "./VersionRow";
import styles from "./VersionsSide.module.css";

/** The versions of the flow, in the place of the properties: what is published, then every save, the newest first. */
export function VersionsSide({ flow }: { flow: string }) {
  const width = useLayout((layout) => layout.panelWidth);
  const comparison = useGraph(({ viewed }) => viewed?.comparedWith ?? null);
  return (
    <aside className={styles.side} style={{ width }} aria-label="Versions" data-properties="">
      <header className={styles.head}>
        <h2 className={styles.title}>Versions</h2>
        <IconButton
          icon="close"
          label="Close the versions"
          onClick={() => changeLayout({ versions: false })}
        />
      </header>
      <div className={styles.body} tabIndex={0} role="group" aria-label="List of versions">
        {comparison === null ? null : <Changes flow={flow} old={comparison} />}
        <PublishedVersions flow={flow} />
        <VersionList flow={flow} />
      </div>
    </aside>
  );
}

/** The compared versions in words; a click on a part shows it on the canvas. */
function Changes({ flow, old }: { flow: string; old: number }) {
  const next = useGraph(({ revision }) => revision);
  const draft = useGraph((state) => getDraft(state).revision);
  const { data, error, refetch } = useComparison(flow, old, next);
  return (
    <section className={styles.section} aria-label="Changes">
      <h3 className={styles.heading}>
        From {describeSide(old, draft)} to {describeSide(next, draft)}
      </h3>
      <ComparedSides flow={flow} old={old} next={next} draft={draft} />
      {data ? (
        <ChangeList
          changes={data}
          onShow={(id) => {
            select([id]);
            focusNode(id);
          }}
        />
      ) : error ? (
        <PageError title="The changes cannot be shown" error={error} onAct={() => void refetch()} />
      ) : (
        <SkeletonRows rows={2} label="Loading changes" />
      )}
    </section>
  );
}

function VersionList({ flow }: { flow: string }) {
  const versions = useVersions(flow);
  useFreshVersions(flow);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = versions;
  if (!data && error)
    return <PageError title="The versions cannot be shown" error={error} onAct={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={4} label="Loading versions" />;
  const rows = data.pages.flatMap((page) => page.versions);
  return (
    <section className={styles.section} aria-label="Every save">
      <h3 className={styles.heading}>Every save</h3>
      <ul className={styles.list}>
        {rows.map((version, at) => (
          <VersionRow
            key={version.number}
            flow={flow}
            version={version}
            before={rows[at + 1]?.number ?? null}
          />
        ))}
      </ul>
      {hasNextPage ? (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Loading" : "Show older versions"}
        </Button>
      ) : null}
    </section>
  );
}

/** Loads the list again when the draft was saved: that is a version. */
function useFreshVersions(flow: string): void {
  const client = useQueryClient();
  const revision = useGraph((state) => getDraft(state).revision);
  useEffect(() => {
    void client.invalidateQueries({ queryKey: queryKeys.versions(flow), exact: true });
  }, [client, flow, revision]);
}
