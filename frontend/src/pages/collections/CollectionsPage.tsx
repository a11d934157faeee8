import { useState } from "react";
import { useCollections } from "../../api/collections";
import type { Collection } from "../../api/types";
import { PageBar, PageHead } from "../resource/Page";
import { useMayEdit } from "../account/session";
import { Button } from "../../ui/controls/Button";
import { PageError } from "../../ui/feedback/PageError";
import { SearchBox } from "../../ui/controls/SearchBox";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { CollectionDialog } from "./CollectionDialog";
import { CollectionsEmpty } from "./CollectionsEmpty";
import { CollectionTable } from "./CollectionTable";
import { DeleteCollectionDialog } from "./DeleteCollectionDialog";

/** Which dialog is open, and about which collection. */
type Asking = { what: "new" } | { what: "edit" | "delete"; collection: Collection } | null;

export function CollectionsPage() {
  const collections = useCollections();
  const mayEdit = useMayEdit();
  const [asking, setAsking] = useState<Asking>(null);
  const close = () => setAsking(null);
  const startNew = () => setAsking({ what: "new" });
  return (
    <main>
      <PageHead title="Collections" count={collections.data?.length}>
        {mayEdit && collections.data?.length ? (
          <Button kind="solid" size="l" icon="add" onClick={startNew}>
            New collection
          </Button>
        ) : null}
      </PageHead>
      {collections.data ? (
        <CollectionList
          collections={collections.data}
          onNew={mayEdit ? startNew : undefined}
          onAsk={setAsking}
        />
      ) : collections.error ? (
        <PageError
          title="The collections cannot be shown"
          error={collections.error}
          onAct={() => void collections.refetch()}
        />
      ) : (
        <SkeletonRows label="The collections are on their way" />
      )}
      {asking?.what === "new" ? <CollectionDialog onClose={close} /> : null}
      {asking?.what === "edit" ? <CollectionDialog collection={asking.collection} onClose={close} /> : null}
      {asking?.what === "delete" ? (
        <DeleteCollectionDialog collection={asking.collection} onClose={close} />
      ) : null}
    </main>
  );
}

interface CollectionListProps {
  collections: Collection[];
  /** Absent for a person who may not make one. */
  onNew?: () => void;
  onAsk: (asking: Asking) => void;
}

function CollectionList({ collections, onNew, onAsk }: CollectionListProps) {
  const [words, setWords] = useState("");
  if (collections.length === 0) return <CollectionsEmpty onNew={onNew} />;
  return (
    <>
      <PageBar>
        <SearchBox label="Find a collection" value={words} onChange={setWords} />
      </PageBar>
      <CollectionTable
        collections={collections.filter((collection) => matches(collection, words))}
        words={words}
        mayEdit={onNew !== undefined}
        onEdit={(collection) => onAsk({ what: "edit", collection })}
        onDelete={(collection) => onAsk({ what: "delete", collection })}
      />
    </>
  );
}

function matches({ name, description }: Collection, words: string): boolean {
  return `${name} ${description}`.toLowerCase().includes(words.trim().toLowerCase());
}
