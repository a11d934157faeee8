import type { Schedule } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { StateMark } from "../../ui/feedback/StateMark";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { formatInZone } from "../../ui/wall-time";
import { describeNote, describeRules, explainNote } from "./describe-schedule";
import styles from "./queue.module.css";

/** The times at which a schedule has started nothing, the newest first, and why. */
export function NotesDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const zone = schedule.time_zone;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Not started: ${schedule.flow_name}`}
      description={describeRules(schedule)}
      footer={
        <DialogFooter>
          <Button size="l" kind="solid" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <ul className={styles.noteList}>
          {schedule.notes.map((note) => (
            <li key={note.first_due_at}>
              <div className={styles.noteHead}>
                <StateMark state={note.reason === "refused" ? "failed" : "warning"}>
                  {describeNote(note)}
                </StateMark>
                <span className={styles.noteTime}>
                  {formatInZone(note.first_due_at, zone)}
                  {note.count > 1 ? ` to ${formatInZone(note.last_due_at, zone)}` : ""}, {zone}
                </span>
              </div>
              <p>{explainNote(note)}</p>
            </li>
          ))}
        </ul>
      </DialogBody>
    </Dialog>
  );
}
