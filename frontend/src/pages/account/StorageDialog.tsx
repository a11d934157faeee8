import { Link } from "react-router";
import { useStorage } from "../../api/storage";
import type { StorageUse, StoredPart } from "../../api/types";
import { joinClasses } from "../../ui/classes";
import { Button } from "../../ui/controls/Button";
import { Notice } from "../../ui/feedback/Notice";
import { PageError } from "../../ui/feedback/PageError";
import { SkeletonRows } from "../../ui/feedback/Skeleton";
import { formatBytes } from "../../ui/format";
import { Dialog, DialogBody, DialogFooter } from "../../ui/overlays/Dialog";
import text from "../../ui/text.module.css";
import { KeptLogs } from "./KeptLogs";
import styles from "./StorageDialog.module.css";

/** From this part of what is allowed on, the dialog warns. The server tells it above the pages from there on too. */
const NEARLY_FULL = 0.9;

/** Shows an admin how much the workspace stores, how much it may, what holds most, and how long logs are kept. */
export function StorageDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Storage"
      description="What the workspace keeps: runs, documents and conversations."
      footer={
        <DialogFooter>
          <Button size="l" onClick={onClose}>
            Close
          </Button>
        </DialogFooter>
      }
    >
      <DialogBody>
        <Used />
        <KeptLogs />
        <LargestParts onLeave={onClose} />
      </DialogBody>
    </Dialog>
  );
}

function Used() {
  const { data, error, refetch } = useStorage();
  if (data) return <Use storage={data} />;
  if (error)
    return <PageError title="The storage cannot be shown" error={error} onAct={() => void refetch()} />;
  return <SkeletonRows rows={1} label="Measuring the storage" />;
}

function Use({ storage: { used_bytes: used, allowed_bytes: allowed } }: { storage: StorageUse }) {
  const share = allowed > 0 ? used / allowed : 1;
  const isNearlyFull = share >= NEARLY_FULL;
  return (
    <section className={styles.use} aria-label="Use">
      <p className={styles.figures}>
        <b className={styles.used}>{formatBytes(used)}</b>
        <span className={text.muted}>of {formatBytes(allowed)}</span>
        <span className={text.grow} />
        <span className={text.num}>{formatShare(share)}</span>
      </p>
      <div
        className={joinClasses(styles.bar, isNearlyFull && styles.full)}
        role="meter"
        aria-label="Used"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share * 100))}
        aria-valuetext={`${formatBytes(used)} of ${formatBytes(allowed)}`}
      >
        <span style={{ width: `${Math.min(1, share) * 100}%` }} />
      </div>
      {isNearlyFull ? (
        <Notice kind="warning">
          When the workspace is full, no run starts and nothing is uploaded or saved. Delete what is not
          needed.
        </Notice>
      ) : null}
    </section>
  );
}

/** Last, for it may be long. */
function LargestParts({ onLeave }: { onLeave: () => void }) {
  const parts = useStorage().data?.largest;
  if (!parts) return null;
  if (parts.length === 0)
    return <p className={joinClasses(styles.parts, text.muted)}>Nothing is stored yet.</p>;
  return (
    <table className={styles.parts}>
      <caption className={styles.caption}>What holds most</caption>
      <tbody>
        {parts.map((part) => (
          <tr key={`${part.kind} ${part.id ?? part.name}`}>
            <th scope="row">
              <PartName part={part} onLeave={onLeave} />
              <small>{kinds[part.kind].title}</small>
            </th>
            <td>{formatBytes(part.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function PartName({ part: { kind, id, name }, onLeave }: { part: StoredPart; onLeave: () => void }) {
  const { path } = kinds[kind];
  if (id === null || path === null) return <span className={text.clip}>{name}</span>;
  return (
    <Link to={`${path}/${id}`} className={text.clip} onClick={onLeave}>
      {name}
    </Link>
  );
}

const kinds = {
  flow: { title: "Runs of this flow", path: "/flows" },
  collection: { title: "Documents of this collection", path: "/collections" },
  conversations: { title: "Of all flows and callers", path: null },
} satisfies Record<StoredPart["kind"], { title: string; path: string | null }>;

/** `12 %`, and for little `< 1 %`. */
function formatShare(share: number): string {
  if (share > 0 && share < 0.01) return "< 1 %";
  return `${Math.floor(share * 100)} %`;
}
