import { type ReactNode, useRef } from "react";
import { IconButton } from "../ui/controls/Button";
import { joinClasses } from "../ui/classes";
import { formatBytes } from "../ui/format";
import { Icon } from "../ui/icons/Icon";
import text from "../ui/text.module.css";
import styles from "./FileChip.module.css";
import { PictureDialog } from "./PictureDialog";

interface FileChipProps {
  name: string;
  bytes: number;
  /** The image as an address; null for any other file. */
  picture?: string | null;
  /** Why the file is not there, in words. */
  refusal?: string | null;
  /** From 0 to 1 while it is uploaded. */
  progress?: number | null;
  /** What can be done with it. */
  children?: ReactNode;
}

/** A file: its picture or a glyph, its name and size, and what can be done with it. */
export function FileChip({ name, bytes, picture, refusal, progress, children }: FileChipProps) {
  return (
    <span className={joinClasses(styles.chip, refusal && styles.refused)}>
      {picture ? <PictureButton name={name} picture={picture} /> : <Glyph isRefused={Boolean(refusal)} />}
      <span className={styles.words}>
        <span className={joinClasses(styles.name, text.clip)} title={name}>
          {name}
        </span>
        <span className={refusal ? styles.reason : styles.size}>{refusal ?? formatBytes(bytes)}</span>
      </span>
      {children}
      {progress === undefined || progress === null ? null : (
        <progress className={styles.progress} value={progress} aria-label={`Sending ${name}`} />
      )}
    </span>
  );
}

function Glyph({ isRefused }: { isRefused: boolean }) {
  return (
    <span className={styles.glyph}>
      <Icon name={isRefused ? "failed" : "document"} />
    </span>
  );
}

/** A small picture that opens the large one. */
export function PictureButton({
  name,
  picture,
  className,
}: {
  name: string;
  picture: string;
  className?: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button
        type="button"
        className={className ?? styles.picture}
        aria-label={`Show ${name}`}
        onClick={() => dialog.current?.showModal()}
      >
        <img src={picture} alt="" />
      </button>
      <PictureDialog ref={dialog} name={name} picture={picture} />
    </>
  );
}

/** The button that takes a file away. */
export function RemoveButton({ name, onRemove }: { name: string; onRemove: () => void }) {
  return <IconButton icon="close" label={`Remove ${name}`} className={styles.button} onClick={onRemove} />;
}
