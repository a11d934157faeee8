import { type ReactNode, useState } from "react";
import { Button } from "../../ui/controls/Button";
import { CopyButton } from "../../ui/controls/CopyButton";
import { Notice } from "../../ui/feedback/Notice";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import styles from "./LinkDialog.module.css";

interface LinkDialogProps {
  title: string;
  /** Names the link for screen readers. */
  label: string;
  url: string;
  onClose: () => void;
  /** To whom the link goes, and how long it works. */
  children: ReactNode;
}

/** Shows a link that works once. No one can see it again. */
export function LinkDialog({ title, label, url, onClose, children }: LinkDialogProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      onEscape={() => setIsAsking(true)}
      title={title}
      footer={
        <DialogFooter>
          <Button size="l" kind="solid" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <div className={styles.row}>
          <code className={styles.link} role="group" aria-label={label}>
            {url}
          </code>
          <CopyButton size="l" text={url} label="Copy the link" autoFocus />
        </div>
        <Notice kind="warning">{children}</Notice>
        <AlertDialog
          open={isAsking}
          onOpenChange={setIsAsking}
          title="Close without the link?"
          action="Close"
          onConfirm={onClose}
        >
          The link cannot be shown again. Copy it first, if you have not sent it yet.
        </AlertDialog>
      </DialogBody>
    </Dialog>
  );
}
