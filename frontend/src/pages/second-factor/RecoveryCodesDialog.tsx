import { useState } from "react";
import { Button } from "../../ui/controls/Button";
import { CopyButton } from "../../ui/controls/CopyButton";
import { Notice } from "../../ui/feedback/Notice";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { saveFile } from "../../ui/save-file";
import styles from "./second-factor.module.css";

const FILE_NAME = "millrace-recovery-codes.txt";

/** Shows the recovery codes. No one can see them again. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const [isAsking, setIsAsking] = useState(false);
  const shown = codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`);
  const text = `${shown.join("\n")}\n`;
  return (
    <Dialog
      open
      onOpenChange={() => setIsAsking(true)}
      onEscape={() => setIsAsking(true)}
      title="Keep your recovery codes"
      footer={
        <DialogFooter>
          <Button size="l" kind="solid" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <p className={styles.intro}>
          The second factor is on. Without the app, each of these codes signs you in once.
        </p>
        <ol className={styles.codes} aria-label="Recovery codes">
          {shown.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <div className={styles.ways}>
          <CopyButton size="l" text={text} label="Copy the codes" autoFocus />
          <Button size="l" icon="download" onClick={() => saveFile(FILE_NAME, text, "text/plain")}>
            Save as a file
          </Button>
        </div>
        <Notice kind="warning">
          This is the only time that the codes are shown. Keep them apart from the device with the app.
        </Notice>
        <AlertDialog
          open={isAsking}
          onOpenChange={setIsAsking}
          title="Close without the codes?"
          action="Close"
          onConfirm={onClose}
        >
          They cannot be shown again. Without the app and without a code, an admin must reset your second
          factor.
        </AlertDialog>
      </DialogBody>
    </Dialog>
  );
}
