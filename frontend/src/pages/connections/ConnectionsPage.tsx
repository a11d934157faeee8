import { useState } from "react";
import { useConnectionKinds, useConnections } from "../../api/connections";
import type { Connection, ConnectionKind } from "../../api/types";
import { AdminsOnlyPage } from "../resource/AdminsOnlyPage";
import { PageBar, PageHead } from "../resource/Page";
import { useIsAdmin } from "../account/session";
import { PageError } from "../../ui/feedback/PageError";
import { SearchBox } from "../../ui/controls/SearchBox";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { ConnectionDialog } from "./ConnectionDialog";
import { ConnectionsEmpty } from "./ConnectionsEmpty";
import { ConnectionTable } from "./ConnectionTable";
import { DeleteConnectionDialog } from "./DeleteConnectionDialog";
import { NewConnectionButton } from "./NewConnectionButton";
import { TestAllButton } from "./TestAllButton";

/** Which dialog is open, and about what. */
type Asking =
  | { what: "new"; kind: ConnectionKind }
  | { what: "edit"; id: string }
  | { what: "delete"; connection: Connection }
  | null;

export function ConnectionsPage() {
  return useIsAdmin() ? <Connections /> : <AdminsOnlyPage title="Connections" />;
}

function Connections() {
  const connections = useConnections();
  const kinds = useConnectionKinds();
  const [asking, setAsking] = useState<Asking>(null);
  const failed = connections.error ?? kinds.error;
  const startNew = (kind: ConnectionKind) => setAsking({ what: "new", kind });
  const again = () => void Promise.all([connections.refetch(), kinds.refetch()]);
  return (
    <main>
      <PageHead title="Connections" count={connections.data?.length}>
        {connections.data?.length && kinds.data ? (
          <>
            <TestAllButton connections={connections.data} />
            <NewConnectionButton kinds={kinds.data} onChoose={startNew} />
          </>
        ) : null}
      </PageHead>
      {connections.data && kinds.data ? (
        <ConnectionList connections={connections.data} kinds={kinds.data} onAsk={setAsking} />
      ) : failed ? (
        <PageError title="The connections cannot be shown" error={failed} onAct={again} />
      ) : (
        <SkeletonRows label="The connections are on their way" />
      )}
      <OpenDialog asking={asking} connections={connections.data} kinds={kinds.data} onAsk={setAsking} />
    </main>
  );
}

interface ConnectionListProps {
  connections: Connection[];
  kinds: ConnectionKind[];
  onAsk: (asking: Asking) => void;
}

function ConnectionList({ connections, kinds, onAsk }: ConnectionListProps) {
  const [words, setWords] = useState("");
  if (connections.length === 0) {
    return <ConnectionsEmpty kinds={kinds} onChoose={(kind) => onAsk({ what: "new", kind })} />;
  }
  return (
    <>
      <PageBar>
        <SearchBox label="Find a connection" value={words} onChange={setWords} />
      </PageBar>
      <ConnectionTable
        connections={connections.filter(({ name }) =>
          name.toLowerCase().includes(words.trim().toLowerCase()),
        )}
        kinds={kinds}
        words={words}
        onEdit={({ id }) => onAsk({ what: "edit", id })}
        onDelete={(connection) => onAsk({ what: "delete", connection })}
      />
    </>
  );
}

interface OpenDialogProps {
  asking: Asking;
  connections: Connection[] | undefined;
  kinds: ConnectionKind[] | undefined;
  onAsk: (asking: Asking) => void;
}

function OpenDialog({ asking, connections = [], kinds = [], onAsk }: OpenDialogProps) {
  const close = () => onAsk(null);
  if (asking?.what === "delete") {
    return <DeleteConnectionDialog connection={asking.connection} onClose={close} />;
  }
  const connection = asking?.what === "edit" ? connections.find(({ id }) => id === asking.id) : undefined;
  const kind = asking?.what === "new" ? asking.kind : kinds.find((one) => one.kind === connection?.kind);
  if (!asking || !kind) return null;
  return (
    <ConnectionDialog
      kind={kind}
      connection={connection}
      onSaved={({ id }) => onAsk({ what: "edit", id })}
      onClose={close}
    />
  );
}
