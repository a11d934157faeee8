import { useDeleteFlow } from "../../api/flows";
import { words } from "../../api/refusals";
import type { FlowRow } from "../../api/types";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { toastDone } from "../../ui/feedback/toasts";

export function DeleteFlowDialog({ flow, onClose }: { flow: FlowRow; onClose: () => void }) {
  const remove = useDeleteFlow();
  const confirm = () =>
    remove.mutate(flow.id, {
      onSuccess: () => {
        onClose();
        toastDone("Flow deleted", { text: `${flow.name} and its runs are gone.` });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={`Delete ${flow.name}?`}
      action="Delete flow"
      busy={remove.isPending && "Deleting"}
      refusal={remove.error && words(remove.error)}
      onConfirm={confirm}
    >
      The flow and the record of all its runs are deleted. Callers of its address get “not found”. This cannot
      be undone.
    </AlertDialog>
  );
}
