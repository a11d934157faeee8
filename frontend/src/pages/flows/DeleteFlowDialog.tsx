import { useDeleteFlow } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";

export function DeleteFlowDialog({ flow, onClose }: { flow: FlowRow; onClose: () => void }) {
  return (
    <ConfirmDialog
      title={`Delete ${flow.name}?`}
      action="Delete flow"
      busyLabel="Deleting"
      mutation={useDeleteFlow()}
      id={flow.id}
      done={{ title: "Flow deleted", text: `${flow.name} and its runs are deleted.` }}
      onClose={onClose}
    >
      The flow and the record of all its runs are deleted. Callers of its address get “not found”. This cannot
      be undone.
    </ConfirmDialog>
  );
}
