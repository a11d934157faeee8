import type { CollectionDocument } from "../../../api/types";
import { formatBytes, formatNumber } from "../../../ui/format";
import { StateMark } from "../../../ui/feedback/StateMark";
import styles from "./DocumentTable.module.css";
import type { Upload } from "./uploads";

/** Shows whether a search finds the document, what of it could not be read, how far its indexing is, or why it failed. */
export function DocumentState({ document }: { document: CollectionDocument }) {
  const { name, status, error, warnings, done, total } = document;
  if (status === "ready") return <Ready warnings={warnings} />;
  if (status === "failed") return <Failed message={error?.message ?? ""} hint={error?.hint ?? null} />;
  return (
    <div className={styles.progress}>
      <StateMark state="running">Indexing</StateMark>
      {total > 0 ? (
        <>
          <Bar label={`Indexing ${name}`} done={done} total={total} />
          <span className={styles.figure}>
            {formatNumber(done)} of {formatNumber(total)} chunks
          </span>
        </>
      ) : null}
    </div>
  );
}

export function UploadState({ upload }: { upload: Upload }) {
  const { file, state, sent, error } = upload;
  if (state === "failed") return <Failed message={error?.message ?? ""} hint={error?.hint ?? null} />;
  if (state === "waiting") return <StateMark state="waiting">Waiting</StateMark>;
  return (
    <div className={styles.progress}>
      <StateMark state="running">{sent < file.size ? "Uploading" : "Reading"}</StateMark>
      <Bar label={`Uploading ${file.name}`} done={sent} total={file.size} />
      <span className={styles.figure}>
        {formatBytes(sent)} of {formatBytes(file.size)}
      </span>
    </div>
  );
}

/** A search finds the document; the warnings say what of the file was not read, or was guessed. */
function Ready({ warnings }: Pick<CollectionDocument, "warnings">) {
  if (warnings.length === 0) return <StateMark state="done">Ready</StateMark>;
  return (
    <div>
      <StateMark state="warning">Ready, but read this</StateMark>
      {warnings.map(({ code, message }) => (
        <p key={code + message} className={styles.why}>
          {message}
        </p>
      ))}
    </div>
  );
}

function Failed({ message, hint }: { message: string; hint: string | null }) {
  return (
    <div role="status">
      <StateMark state="failed">Not indexed</StateMark>
      <p className={styles.why}>
        {message} {hint}
      </p>
    </div>
  );
}

function Bar({ label, done, total }: { label: string; done: number; total: number }) {
  const percent = Math.round((100 * done) / Math.max(1, total));
  return (
    <div
      className={styles.bar}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ width: `${percent}%` }} />
    </div>
  );
}
