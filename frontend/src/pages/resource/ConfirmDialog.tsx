import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { describeError } from "../../api/refusals";
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
  /** Why the server would refuse now, and what to do; null when it would not. It takes the place of the children. */
  obstacle?: ReactNode;
  /** Called instead of `onClose` when the resource is gone. */
  onDone?: () => void;
  onClose: () => void;
  /** What is lost, in a sentence. */
  children: ReactNode;
}

/** Asks before a resource is destroyed, and stays open with the reason when the server refuses. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, action, busyLabel, mutation, id, done, obstacle = null, onDone, onClose, children } = props;
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
      reason={obstacle === null ? null : "It cannot be deleted now."}
      refusal={mutation.error && describeError(mutation.error)}
      onConfirm={confirm}
    >
      {obstacle ?? children}
    </AlertDialog>
  );
}
