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
  /** Shows the stored graph in place of the one that is drawn here. */
  onLoadTheirs: () => Promise<void>;
}

/**
 * Reports that the flow was saved elsewhere. The editor overwrites nothing until the person decides.
 * It stands below the canvas, so that it covers no card, and no card moves when it comes.
 */
export function ConflictBanner({ autosave, onLoadTheirs }: ConflictBannerProps) {
  const save = useGraph((graph) => graph.save);
  const [asking, setAsking] = useState(false);
  const [isLoading, setLoading] = useState(false);
  if (save.kind !== "conflict") return null;
  const { revision, isKept } = save;
  const load = async (): Promise<void> => {
    setLoading(true);
    await onLoadTheirs();
    setLoading(false);
  };
  const keep = async (): Promise<void> => {
    setAsking(false);
    if (await autosave.overwrite(revision))
      showDoneToast("Saved", { text: "The flow is now as you drew it." });
  };
  return (
    <div className={styles.banner} data-above-properties="">
      <Notice kind="warning" urgent>
        <b>This flow was saved elsewhere.</b> Someone else, or another tab of yours, saved it since you opened
        it. Your changes are not saved
        {isKept ? "; this browser keeps them." : " and this browser cannot keep them."}
        <span className={styles.buttons}>
          <Button busy={isLoading} onClick={() => void load()}>
            Load theirs
          </Button>
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
        What was saved elsewhere (version {revision}) is replaced by what is drawn here.
      </AlertDialog>
    </div>
  );
}
