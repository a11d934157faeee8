import { useDeleteFlow } from "../../api/flows";
import { describeError } from "../../api/refusals";
import type { FlowRow } from "../../api/types";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { showDoneToast } from "../../ui/feedback/toasts";

export function DeleteFlowDialog({ flow, onClose }: { flow: FlowRow; onClose: () => void }) {
  const remove = useDeleteFlow();
  const confirm = () =>
    remove.mutate(flow.id, {
      onSuccess: () => {
        onClose();
        showDoneToast("Flow deleted", { text: `${flow.name} and its runs are gone.` });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={`Delete ${flow.name}?`}
      action="Delete flow"
      busy={remove.isPending && "Deleting"}
      refusal={remove.error && describeError(remove.error)}
      onConfirm={confirm}
    >
      The flow and the record of all its runs are deleted. Callers of its address get “not found”. This cannot
      be undone.
    </AlertDialog>
  );
}
