import type { ReactNode } from "react";
import type { Json, ReadValue } from "../../../api/types";
import { CopyButton } from "../../../ui/controls/CopyButton";
import { Notice } from "../../../ui/feedback/Notice";
import { formatBytes } from "../../../ui/format";
import { formatJson, isContainer } from "./json-text";
import { TreeRow, WholeText } from "./ValueTree";
import styles from "./values.module.css";

export type ValueForm = "tree" | "text";

interface ValueViewProps {
  value: ReadValue;
  title: string;
  form: ValueForm;
  /** Where the value comes from. */
  note?: ReactNode;
}

/** One value with its name: as rows that unfold, or as text. The whole of it can be copied. */
export function ValueView({ value, title, form, note }: ValueViewProps) {
  if (!value.is_kept)
    return (
      <li>
        <div className={styles.line}>
          <span className={styles.name}>{title}</span>
          <span className={styles.size}>not kept of this pass</span>
        </div>
        {note}
      </li>
    );
  const known = value.value;
  const copy = <CopyValue value={known} title={title} />;
  const cut = value.cut_bytes === null ? null : <CutNotice bytes={value.cut_bytes} />;
  if (form === "tree")
    return (
      <TreeRow
        name={title}
        value={known}
        open={isContainer(known)}
        end={copy}
        note={
          <>
            {note}
            {cut}
          </>
        }
      />
    );
  return (
    <li>
      <div className={styles.row}>
        <div className={styles.line}>
          <span className={styles.name}>{title}</span>
        </div>
        {copy}
      </div>
      {note}
      {cut}
      <WholeText value={formatJson(known)} />
    </li>
  );
}

function CopyValue({ value, title }: { value: Json; title: string }) {
  return <CopyButton kind="quiet" label={`Copy ${title}`} text={formatJson(value)} className={styles.copy} />;
}

function CutNotice({ bytes }: { bytes: number }) {
  return (
    <Notice kind="warning">
      The value has {formatBytes(bytes)}, too many to be kept. This is its beginning.
    </Notice>
  );
}
