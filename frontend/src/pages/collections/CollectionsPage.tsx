import { useState } from "react";
import { useCollections } from "../../api/collections";
import type { Collection } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { useMayEdit } from "../account/session";
import { ResourcePage } from "../resource/ResourcePage";
import { CollectionDialog } from "./CollectionDialog";
import { CollectionsEmpty } from "./CollectionsEmpty";
import { CollectionTable } from "./CollectionTable";
import { DeleteCollectionDialog } from "./DeleteCollectionDialog";

/** Which dialog is open, and about which collection. */
type CollectionsDialog = { kind: "new" } | { kind: "edit" | "delete"; collection: Collection } | null;

export function CollectionsPage() {
  const mayEdit = useMayEdit();
  const [dialog, setDialog] = useState<CollectionsDialog>(null);
  const createCollection = () => setDialog({ kind: "new" });
  return (
    <ResourcePage
      title="Collections"
      plural="collections"
      query={useCollections()}
      search={{
        label: "Find a collection",
        getText: ({ name, description }) => `${name} ${description}`,
      }}
      actions={
        mayEdit ? (
          <Button kind="solid" size="l" icon="add" onClick={createCollection}>
            New collection
          </Button>
        ) : null
      }
      empty={<CollectionsEmpty onNew={mayEdit ? createCollection : undefined} />}
      dialog={<OpenDialog dialog={dialog} onClose={() => setDialog(null)} />}
    >
      {(found, words) => (
        <CollectionTable
          collections={found}
          words={words}
          mayEdit={mayEdit}
          onEdit={(collection) => setDialog({ kind: "edit", collection })}
          onDelete={(collection) => setDialog({ kind: "delete", collection })}
        />
      )}
    </ResourcePage>
  );
}

function OpenDialog({ dialog, onClose }: { dialog: CollectionsDialog; onClose: () => void }) {
  switch (dialog?.kind) {
    case "new":
      return <CollectionDialog onClose={onClose} />;
    case "edit":
      return <CollectionDialog collection={dialog.collection} onClose={onClose} />;
    case "delete":
      return <DeleteCollectionDialog collection={dialog.collection} onClose={onClose} />;
    case undefined:
      return null;
  }
}
