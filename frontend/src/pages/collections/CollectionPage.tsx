import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { ApiError } from "../../api/client";
import { useCollection, useDocuments } from "../../api/collections";
import type { Collection, CollectionDocument } from "../../api/types";
import { useMayEdit } from "../account/session";
import { LinkButton } from "../../ui/controls/Button";
import { ErrorPage } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { TabPanel, Tabs } from "../../ui/controls/Tabs";
import { CollectionDialog } from "./CollectionDialog";
import { CollectionHead } from "./CollectionHead";
import styles from "./CollectionPage.module.css";
import { DeleteCollectionDialog } from "./DeleteCollectionDialog";
import { DeleteDocumentDialog } from "./documents/DeleteDocumentDialog";
import { Documents } from "./documents/Documents";
import { TrySearch } from "./TrySearch";
import { useCollectionUploads } from "./documents/useCollectionUploads";

/** The page of one collection: its documents, and a search in it. */
export function CollectionPage() {
  const { collection: id = "" } = useParams();
  const collection = useCollection(id);
  if (collection.data) return <CollectionView key={id} collection={collection.data} />;
  if (collection.error)
    return <LoadError error={collection.error} onAgain={() => void collection.refetch()} />;
  return (
    <main>
      <SkeletonRows label="Loading the collection" />
    </main>
  );
}

function LoadError({ error, onAgain }: { error: Error; onAgain: () => void }) {
  const isGone = error instanceof ApiError && error.status === 404;
  const ways = (
    <LinkButton to="/collections" size="l">
      All collections
    </LinkButton>
  );
  return isGone ? (
    <ErrorPage title="This collection does not exist" error={error} ways={ways} />
  ) : (
    <ErrorPage title="The collection cannot be shown" error={error} onAct={onAgain} ways={ways} />
  );
}

type View = "documents" | "search";

type Asking = { what: "edit" | "delete" } | { what: "document"; document: CollectionDocument } | null;

function CollectionView({ collection }: { collection: Collection }) {
  const mayEdit = useMayEdit();
  const documents = useDocuments(collection.id);
  const uploading = useCollectionUploads(collection.id, documents.data);
  const [view, setView] = useState<View>("documents");
  const [asking, setAsking] = useState<Asking>(null);
  const upload = (files: File[]) => {
    setView("documents");
    uploading.add(files);
  };
  const filled = (documents.data?.length ?? 0) + uploading.uploads.length > 0;
  const tabs = [
    { value: "documents" as const, title: "Documents", ...showCount(documents.data?.length ?? 0) },
    { value: "search" as const, title: "Try a search" },
  ];
  return (
    <main>
      <CollectionHead
        collection={collection}
        mayEdit={mayEdit}
        {...(mayEdit && filled ? { onFiles: upload } : {})}
        onEdit={() => setAsking({ what: "edit" })}
        onDelete={() => setAsking({ what: "delete" })}
      />
      <Tabs
        label={collection.name}
        tabs={tabs}
        value={view}
        onChange={setView}
        className={styles.tabs}
        listClassName={styles.tabList}
      >
        <TabPanel value="documents" className={styles.view}>
          <Documents
            query={documents}
            total={collection.documents}
            uploads={uploading.uploads}
            {...(mayEdit ? { onFiles: upload } : {})}
            onRemoveUpload={uploading.remove}
            onDelete={(document) => setAsking({ what: "document", document })}
          />
        </TabPanel>
        <TabPanel value="search" keep className={styles.view}>
          <TrySearch collection={collection} />
        </TabPanel>
      </Tabs>
      <OpenDialog asking={asking} collection={collection} onClose={() => setAsking(null)} />
    </main>
  );
}

interface OpenDialogProps {
  asking: Asking;
  collection: Collection;
  onClose: () => void;
}

function OpenDialog({ asking, collection, onClose }: OpenDialogProps) {
  const navigate = useNavigate();
  switch (asking?.what) {
    case "edit":
      return <CollectionDialog collection={collection} onClose={onClose} />;
    case "delete":
      return (
        <DeleteCollectionDialog
          collection={collection}
          onDeleted={() => void navigate("/collections")}
          onClose={onClose}
        />
      );
    case "document":
      return <DeleteDocumentDialog collection={collection.id} document={asking.document} onClose={onClose} />;
    case undefined:
      return null;
  }
}

function showCount(count: number): { count?: number } {
  return count > 0 ? { count } : {};
}
