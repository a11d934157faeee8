import { useState } from "react";
import { useFlows } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { useMayEdit } from "../account/session";
import { ResourcePage } from "../resource/ResourcePage";
import { DeleteFlowDialog } from "./DeleteFlowDialog";
import { FlowDialog } from "./FlowDialog";
import { FlowsEmpty } from "./FlowsEmpty";
import { FlowsFoot } from "./FlowsFoot";
import { FlowTable } from "./FlowTable";

/** Which dialog is open, and about which flow. */
type FlowsDialog = { kind: "new" } | { kind: "rename" | "delete"; flow: FlowRow } | null;

export function FlowsPage() {
  const flows = useFlows();
  const mayEdit = useMayEdit();
  const [dialog, setDialog] = useState<FlowsDialog>(null);
  const createFlow = () => setDialog({ kind: "new" });
  return (
    <ResourcePage
      title="Flows"
      plural="flows"
      query={flows}
      search={{
        label: "Find a flow",
        getText: ({ name, description }) => `${name} ${description}`,
        note: "Last 24 hours",
      }}
      actions={
        mayEdit ? (
          <Button kind="solid" size="l" icon="add" onClick={createFlow}>
            New flow
          </Button>
        ) : null
      }
      empty={<FlowsEmpty onNew={mayEdit ? createFlow : undefined} />}
      dialog={<OpenDialog dialog={dialog} onClose={() => setDialog(null)} />}
    >
      {(found, words) => (
        <>
          <FlowTable
            flows={found}
            words={words}
            onRename={(flow) => setDialog({ kind: "rename", flow })}
            onDelete={(flow) => setDialog({ kind: "delete", flow })}
          />
          <FlowsFoot flows={flows.data ?? []} />
        </>
      )}
    </ResourcePage>
  );
}

function OpenDialog({ dialog, onClose }: { dialog: FlowsDialog; onClose: () => void }) {
  switch (dialog?.kind) {
    case "new":
      return <FlowDialog onClose={onClose} />;
    case "rename":
      return <FlowDialog flow={dialog.flow} onClose={onClose} />;
    case "delete":
      return <DeleteFlowDialog flow={dialog.flow} onClose={onClose} />;
    case undefined:
      return null;
  }
}
