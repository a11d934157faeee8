import { AlertDialog as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "../controls/Button";
import { DialogBody, DialogFooter } from "./Dialog";
import styles from "./Dialog.module.css";
import { Notice } from "../feedback/Notice";
import { useReturnFocus } from "./useReturnFocus";

export interface AlertDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What is lost, in a sentence. */
  children: ReactNode;
  /** The verb on the button, such as "Delete flow". */
  action: string;
  /** What goes on, such as "Deleting"; false when nothing does. */
  busy?: string | false;
  /** Why it cannot be done now: the button cannot be pressed. */
  reason?: string | null;
  /** Why it was refused. The dialog stays open. */
  refusal?: string | null;
  onConfirm: () => void;
}

/** Asks before something is destroyed. Cancel has the focus. */
export function AlertDialog({ open, onOpenChange, ...content }: AlertDialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.scrim} />
        <AlertContent {...content} />
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function AlertContent(props: Omit<AlertDialogProps, "open" | "onOpenChange">) {
  const { title, children, action, busy = false, reason = null, refusal, onConfirm } = props;
  const returnFocus = useReturnFocus();
  return (
    <Primitive.Content className={styles.dialog} onCloseAutoFocus={returnFocus}>
      <header className={styles.head}>
        <Primitive.Title className={styles.title}>{title}</Primitive.Title>
      </header>
      <DialogBody>
        <Primitive.Description asChild>
          <div>{children}</div>
        </Primitive.Description>
        {refusal ? <Notice kind="failed">{refusal}</Notice> : null}
      </DialogBody>
      <DialogFooter>
        <Primitive.Cancel asChild>
          <Button size="l">Cancel</Button>
        </Primitive.Cancel>
        <Button size="l" kind="danger-solid" busy={busy !== false} reason={reason} onClick={onConfirm}>
          {busy || action}
        </Button>
      </DialogFooter>
    </Primitive.Content>
  );
}
