import type { QueueRun } from "../../api/types";
import { Button, LinkButton } from "../../ui/controls/Button";
import { CopyButton } from "../../ui/controls/CopyButton";
import { StateMark } from "../../ui/feedback/StateMark";
import { formatExact } from "../../ui/format";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import { getOwnZone } from "../../ui/wall-time";
import { describeCaller, describeReason } from "./describe-schedule";
import styles from "./queue.module.css";

/** Why a run has failed, in full, and the way to its flow, whose list of runs has the run. */
export function FailureDialog({ run, onClose }: { run: QueueRun; onClose: () => void }) {
  const { flow, flow_name: name, environment, revision, caller, finished_at: at, error } = run;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Failed: ${name}`}
      description={`${environment}, version ${revision}, ${describeCaller(caller)}`}
      footer={
        <DialogFooter>
          <LinkButton size="l" to={`/flows/${flow}`}>
            Open the flow
          </LinkButton>
          <Button size="l" kind="solid" onClick={onClose}>
            Done
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <p className={styles.noteHead}>
          <StateMark state={run.status} />
          {at ? (
            <span className={styles.noteTime}>
              {formatExact(at)}, {getOwnZone()}
            </span>
          ) : null}
        </p>
        <p className={styles.full}>{describeReason(run)}</p>
        <dl className={styles.facts}>
          {error ? (
            <div>
              <dt>Code</dt>
              <dd>
                <code>{error.code}</code>
              </dd>
            </div>
          ) : null}
          <div>
            <dt>Run</dt>
            <dd>
              <code>{run.id}</code>
              <CopyButton kind="quiet" text={run.id} label="Copy the id of the run" />
            </dd>
          </div>
        </dl>
      </DialogBody>
    </Dialog>
  );
}
