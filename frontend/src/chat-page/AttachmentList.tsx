import { useStore } from "zustand";
import text from "../ui/text.module.css";
import { attachmentStore, type Attachment, detachFile } from "./attachments";
import styles from "./AttachmentList.module.css";
import { FileChip, RemoveButton } from "./FileChip";

interface AttachmentListProps {
  address: string;
  /** Called when a file was removed, whose button has the focus no more. */
  onRemoved: () => void;
}

/** The files of the next question, above its field, and those that it cannot have, with the reason. */
export function AttachmentList({ address, onRemoved }: AttachmentListProps) {
  const { items, news } = useStore(attachmentStore);
  const remove = (item: Attachment) => {
    detachFile(address, item);
    onRemoved();
  };
  return (
    <>
      {items.length > 0 ? (
        <ul className={styles.list} aria-label="Files of the question">
          {items.map((item) => (
            <li key={item.key} className={styles.item}>
              <FileChip
                name={item.name}
                bytes={item.bytes}
                picture={item.refusal ? null : item.picture}
                refusal={item.refusal ? `${item.refusal.message} ${item.refusal.hint ?? ""}` : null}
                progress={getProgress(item)}
              >
                <RemoveButton name={item.name} onRemove={() => remove(item)} />
              </FileChip>
            </li>
          ))}
        </ul>
      ) : null}
      <p className={text.hidden} role="status">
        {news}
      </p>
    </>
  );
}

function getProgress({ refusal, file, sent, bytes }: Attachment): number | null {
  return refusal || file ? null : sent / Math.max(bytes, 1);
}
