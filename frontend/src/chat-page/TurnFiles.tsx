import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { fetchFile } from "../api/chat-page";
import type { ConversationFile } from "../api/types";
import { IconButton } from "../ui/controls/Button";
import { saveFile } from "../ui/save-file";
import { conversationStore } from "./conversation";
import { FileChip, PictureButton } from "./FileChip";
import { loadPicture } from "./file-pictures";
import { isImage } from "./file-rules";
import styles from "./TurnFiles.module.css";

/** The files of a question that was asked: images as pictures, the others to be saved. */
export function TurnFiles({ files }: { files: readonly ConversationFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Files">
      {files.map((file) => (
        <li key={file.id} className={styles.item}>
          {isImage(file.media_type) ? <SentPicture file={file} /> : <SentDocument file={file} />}
        </li>
      ))}
    </ul>
  );
}

function SentPicture({ file }: { file: ConversationFile }) {
  const { picture, isLost } = usePicture(file.id);
  if (isLost) return <FileChip name={file.name} bytes={file.bytes} refusal="It cannot be shown now." />;
  if (picture === null) return <FileChip name={file.name} bytes={file.bytes} />;
  return <PictureButton name={file.name} picture={picture} className={styles.picture} />;
}

function SentDocument({ file }: { file: ConversationFile }) {
  const address = useStore(conversationStore, (state) => state.address);
  const [isLost, setIsLost] = useState(false);
  const save = () =>
    fetchFile(address, file.id).then(
      (content) => saveFile(file.name, content, content.type),
      () => setIsLost(true),
    );
  return (
    <FileChip name={file.name} bytes={file.bytes} refusal={isLost ? "It cannot be loaded now." : null}>
      <IconButton icon="download" label={`Save ${file.name}`} size="l" onClick={() => void save()} />
    </FileChip>
  );
}

/** The picture of an image that the server has. */
function usePicture(id: string): { picture: string | null; isLost: boolean } {
  const address = useStore(conversationStore, (state) => state.address);
  const [shown, setShown] = useState<{ picture: string | null; isLost: boolean }>(unknown);
  useEffect(() => {
    let isLeft = false;
    loadPicture(address, id).then(
      (picture) => isLeft || setShown({ picture, isLost: false }),
      () => isLeft || setShown({ picture: null, isLost: true }),
    );
    return () => {
      isLeft = true;
    };
  }, [address, id]);
  return shown;
}

const unknown = { picture: null, isLost: false };
