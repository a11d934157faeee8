import { useDeleteFlow } from "../../api/flows";
import type { FlowRow } from "../../api/types";
import { ConfirmDialog } from "../resource/ConfirmDialog";
import { InUseNote } from "../resource/InUseNote";
import { findObstacle } from "./delete-obstacle";

export function DeleteFlowDialog({ flow, onClose }: { flow: FlowRow; onClose: () => void }) {
  return (
    <ConfirmDialog
      title={`Delete ${flow.name}?`}
      action="Delete flow"
      busyLabel="Deleting"
      mutation={useDeleteFlow()}
      id={flow.id}
      done={{ title: "Flow deleted", text: `${flow.name} and its runs are deleted.` }}
      obstacle={describeObstacle(flow)}
      onClose={onClose}
    >
      The flow and the record of all its runs are deleted. Callers of its address get “not found”. This cannot
      be undone.
    </ConfirmDialog>
  );
}

function describeObstacle(flow: FlowRow) {
  switch (findObstacle(flow)) {
    case "called":
      return (
        <InUseNote relation="called by" users={flow.used_by} remedy="Choose another flow there first." />
      );
    case "running":
      return <>It cannot be deleted now, because a run goes on. Stop it first, or wait for its end.</>;
    case null:
      return null;
  }
}
