import { useState } from "react";
import { useConnectionKinds, useConnections } from "../../api/connections";
import type { Connection, ConnectionKind } from "../../api/types";
import { useIsAdmin } from "../account/session";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { ResourcePage, type ResourceQuery } from "../resource/ResourcePage";
import { ConnectionDialog } from "./ConnectionDialog";
import { ConnectionsEmpty } from "./ConnectionsEmpty";
import { ConnectionTable } from "./ConnectionTable";
import { DeleteConnectionDialog } from "./DeleteConnectionDialog";
import { NewConnectionButton } from "./NewConnectionButton";
import { TestAllButton } from "./TestAllButton";

/** Which dialog is open, and about what. */
type ConnectionsDialog =
  | { dialog: "new"; kind: ConnectionKind }
  | { dialog: "edit"; id: string }
  | { dialog: "delete"; connection: Connection }
  | null;

export function ConnectionsPage() {
  return useIsAdmin() ? <Connections /> : <AdminsOnlyPage title="Connections" />;
}

function Connections() {
  const { query, kinds } = useConnectionsWithKinds();
  const [open, setOpen] = useState<ConnectionsDialog>(null);
  const createConnection = (kind: ConnectionKind) => setOpen({ dialog: "new", kind });
  const connections = query.data ?? [];
  return (
    <ResourcePage
      title="Connections"
      plural="connections"
      query={query}
      search={{ label: "Find a connection", getText: ({ name }) => name }}
      actions={
        <>
          <TestAllButton connections={connections} />
          <NewConnectionButton kinds={kinds} onChoose={createConnection} />
        </>
      }
      empty={<ConnectionsEmpty kinds={kinds} onChoose={createConnection} />}
      dialog={<OpenDialog open={open} connections={connections} kinds={kinds} onOpen={setOpen} />}
    >
      {(found, words) => (
        <ConnectionTable
          connections={found}
          kinds={kinds}
          words={words}
          onEdit={({ id }) => setOpen({ dialog: "edit", id })}
          onDelete={(connection) => setOpen({ dialog: "delete", connection })}
        />
      )}
    </ResourcePage>
  );
}

/** The connections; the list is loaded when their kinds are loaded too. */
function useConnectionsWithKinds(): { query: ResourceQuery<Connection>; kinds: ConnectionKind[] } {
  const connections = useConnections();
  const kinds = useConnectionKinds();
  const query = {
    data: kinds.data && connections.data,
    error: connections.error ?? kinds.error,
    refetch: () => Promise.all([connections.refetch(), kinds.refetch()]),
  };
  return { query, kinds: kinds.data ?? [] };
}

interface OpenDialogProps {
  open: ConnectionsDialog;
  connections: Connection[];
  kinds: ConnectionKind[];
  onOpen: (open: ConnectionsDialog) => void;
}

function OpenDialog({ open, connections, kinds, onOpen }: OpenDialogProps) {
  const close = () => onOpen(null);
  if (open?.dialog === "delete") {
    return <DeleteConnectionDialog connection={open.connection} onClose={close} />;
  }
  const connection = open?.dialog === "edit" ? connections.find(({ id }) => id === open.id) : undefined;
  const kind = open?.dialog === "new" ? open.kind : kinds.find((each) => each.kind === connection?.kind);
  if (!open || !kind) return null;
  return (
    <ConnectionDialog
      kind={kind}
      connection={connection}
      onSaved={({ id }) => onOpen({ dialog: "edit", id })}
      onClose={close}
    />
  );
}
