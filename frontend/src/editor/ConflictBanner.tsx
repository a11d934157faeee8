import { useState } from "react";
import type { Autosave } from "../saving/autosave";
import { useGraph } from "../graph/useGraph";
import { AlertDialog } from "../ui/overlays/AlertDialog";
import { Button } from "../ui/controls/Button";
import { Notice } from "../ui/feedback/Notice";
import { showDoneToast } from "../ui/feedback/toasts";
import styles from "./ConflictBanner.module.css";

interface ConflictBannerProps {
  autosave: Autosave;
  /** Drops the graph that is drawn here and shows the stored one. */
  onLoadTheirs: () => void;
}

/** Reports that someone else saved the flow. The editor overwrites nothing until the person decides. */
export function ConflictBanner({ autosave, onLoadTheirs }: ConflictBannerProps) {
  const save = useGraph((graph) => graph.save);
  const [asking, setAsking] = useState(false);
  if (save.kind !== "conflict") return null;
  const { revision } = save;
  const keep = async (): Promise<void> => {
    setAsking(false);
    if (await autosave.overwrite(revision))
      showDoneToast("Saved", { text: "The flow is now as you drew it." });
  };
  return (
    <div className={styles.banner}>
      <Notice kind="warning" urgent>
        <b>Someone else saved this flow.</b> Your changes are kept in this browser and are not saved.
        <span className={styles.buttons}>
          <Button onClick={onLoadTheirs}>Load theirs</Button>
          <Button onClick={() => setAsking(true)}>Keep mine</Button>
        </span>
      </Notice>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title="Keep your version"
        action="Replace theirs"
        onConfirm={() => void keep()}
      >
        What the other person saved (revision {revision}) is replaced by what is drawn here.
      </AlertDialog>
    </div>
  );
}
