import { useState } from "react";
import { useFlows } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { Button, LinkButton } from "../../ui/controls/Button";
import { DropGround } from "../../ui/overlays/DropGround";
import { useMayEdit } from "../account/session";
import { ResourcePage } from "../resource/ResourcePage";
import { DeleteFlowDialog } from "./DeleteFlowDialog";
import { FlowDialog } from "./FlowDialog";
import { FlowsEmpty } from "./FlowsEmpty";
import { FlowsFoot } from "./FlowsFoot";
import { FlowTable } from "./FlowTable";
import { ImportButton } from "./import/ImportButton";
import { ImportDialog } from "./import/ImportDialog";
import { type ChosenFile, readChosenFile } from "./import/read-file";

/** Which dialog is open, and about which flow. */
type FlowsDialog =
  | { kind: "new" }
  | { kind: "import"; file: ChosenFile }
  | { kind: "rename" | "delete"; flow: FlowRow }
  | null;

export function FlowsPage() {
  const flows = useFlows();
  const mayEdit = useMayEdit();
  const [dialog, setDialog] = useState<FlowsDialog>(null);
  const createFlow = () => setDialog({ kind: "new" });
  const importFile = (files: File[]) =>
    void readChosenFile(files).then((file) => file && setDialog({ kind: "import", file }));
  return (
    <DropGround label="Drop to import" onFiles={mayEdit ? importFile : undefined}>
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
            <>
              <LinkButton to="/flows/templates" size="l" icon="template">
                Templates
              </LinkButton>
              <ImportButton onFiles={importFile} />
              <Button kind="solid" size="l" icon="add" onClick={createFlow}>
                New flow
              </Button>
            </>
          ) : null
        }
        empty={mayEdit ? <FlowsEmpty onNew={createFlow} onImport={importFile} /> : <FlowsEmpty />}
        dialog={<OpenDialog dialog={dialog} flows={flows.data ?? []} onClose={() => setDialog(null)} />}
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
    </DropGround>
  );
}

interface OpenDialogProps {
  dialog: FlowsDialog;
  flows: FlowRow[];
  onClose: () => void;
}

function OpenDialog({ dialog, flows, onClose }: OpenDialogProps) {
  switch (dialog?.kind) {
    case "new":
      return <FlowDialog onClose={onClose} />;
    case "import":
      return <ImportDialog file={dialog.file} onClose={onClose} />;
    case "rename":
      return <FlowDialog flow={dialog.flow} onClose={onClose} />;
    case "delete":
      // As it is now: its run may have ended while the dialog is open.
      return (
        <DeleteFlowDialog
          flow={flows.find(({ id }) => id === dialog.flow.id) ?? dialog.flow}
          onClose={onClose}
        />
      );
    case undefined:
      return null;
  }
}
