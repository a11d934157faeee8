import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { describeError } from "../../api/refusals";
import type { Named } from "../../api/types";
import { Notice } from "../../ui/feedback/Notice";
import { showDoneToast } from "../../ui/feedback/toasts";
import { AlertDialog } from "../../ui/overlays/AlertDialog";

interface ConfirmDialogProps {
  /** The question, such as "Delete Night desk?". */
  title: string;
  /** The verb on the button, such as "Delete flow". */
  action: string;
  /** The word on the button while the server works, such as "Deleting". */
  busyLabel: string;
  /** The call that destroys the resource of this id. */
  mutation: UseMutationResult<unknown, Error, string>;
  id: string;
  /** The toast after it. */
  done: { title: string; text: string };
  /** The flows that use the resource, as a warning. */
  usedBy?: Named[];
  /** Called instead of `onClose` when the resource is gone. */
  onDone?: () => void;
  onClose: () => void;
  /** What is lost, in a sentence. */
  children: ReactNode;
}

/** Asks before a resource is destroyed, and stays open with the reason when the server refuses. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, action, busyLabel, mutation, id, done, usedBy = [], onDone, onClose, children } = props;
  const flows = usedBy.map((flow) => flow.name).join(", ");
  const confirm = () =>
    mutation.mutate(id, {
      onSuccess: () => {
        (onDone ?? onClose)();
        showDoneToast(done.title, { text: done.text });
      },
    });
  return (
    <AlertDialog
      open
      onOpenChange={onClose}
      title={title}
      action={action}
      busy={mutation.isPending && busyLabel}
      refusal={mutation.error && describeError(mutation.error)}
      onConfirm={confirm}
    >
      {children}
      {flows && !mutation.error ? <Notice kind="warning">In use by {flows}.</Notice> : null}
    </AlertDialog>
  );
}
