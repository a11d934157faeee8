import { type ClipboardEvent, type KeyboardEvent, type SubmitEvent, useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { OpenChatPage } from "../api/types";
import { Icon } from "../ui/icons/Icon";
import { useKeptText } from "../ui/useKeptText";
import { AttachButton } from "./AttachButton";
import { AttachmentList } from "./AttachmentList";
import { attachFiles, attachmentStore, isUploading, takeFiles } from "./attachments";
import styles from "./Composer.module.css";
import { ask, conversationStore, isAnswering, stop } from "./conversation";
import { onOpened } from "./frame";

const MAX_PROMPT_CHARACTERS = 16_000;

/** The field for the next question and its files. While an answer is written, its button stops that. */
export function Composer({
  address,
  page: { notice, files: rules },
}: {
  address: string;
  page: OpenChatPage;
}) {
  const id = useStore(conversationStore, (state) => state.id);
  const isLoading = useStore(conversationStore, (state) => state.isLoading);
  const isBusy = useStore(conversationStore, isAnswering);
  const isWaiting = useStore(attachmentStore, isUploading);
  const hasFiles = useStore(attachmentStore, ({ items }) => items.length > 0);
  const { text, change } = useKeptText(`question.${address}`);
  const field = useRef<HTMLTextAreaElement>(null);
  const attach = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // On a phone the focus would cover half of the page with the keyboard.
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [id]);
  useEffect(() => onOpened(() => field.current?.focus()), []);
  const typed = text ?? "";
  const prompt = typed.trim();
  const canSend = !isBusy && !isLoading && !isWaiting && prompt !== "";
  const send = () => {
    if (!canSend) return;
    ask(prompt, null, takeFiles());
    change(null);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const addFiles = (files: File[]) => rules && void attachFiles(address, files, rules);
  const paste = (event: ClipboardEvent) => {
    const { files, types } = event.clipboardData;
    // What is copied from a text often has a picture of it too.
    if (!rules || files.length === 0 || types.includes("text/plain")) return;
    event.preventDefault();
    addFiles([...files]);
  };
  return (
    <footer className={styles.dock}>
      <form className={styles.column} onSubmit={submit}>
        <div className={styles.box} data-takes-files={rules !== null || undefined}>
          {rules ? <AttachmentList address={address} onRemoved={() => attach.current?.focus()} /> : null}
          <div className={styles.row}>
            {rules ? <AttachButton ref={attach} rules={rules} onFiles={addFiles} /> : null}
            <textarea
              ref={field}
              className={styles.text}
              aria-label="Ask a question"
              placeholder={hasFiles ? "Ask a question about the files" : "Ask a question"}
              rows={1}
              maxLength={MAX_PROMPT_CHARACTERS}
              value={typed}
              onChange={(event) => change(event.target.value)}
              onKeyDown={press}
              onPaste={paste}
            />
            <SendButton isBusy={isBusy} canSend={canSend} title={isWaiting ? WAITS_FOR_FILES : undefined} />
          </div>
        </div>
        {notice ? <p className={styles.notice}>{notice}</p> : null}
      </form>
    </footer>
  );
}

const WAITS_FOR_FILES = "The files are still being sent.";

interface SendButtonProps {
  isBusy: boolean;
  canSend: boolean;
  title: string | undefined;
}

function SendButton({ isBusy, canSend, title }: SendButtonProps) {
  if (isBusy)
    return (
      <button type="button" className={styles.button} onClick={() => void stop()}>
        <Icon name="stopped" size={14} />
        Stop
      </button>
    );
  return (
    <button type="submit" className={styles.button} aria-disabled={!canSend || undefined} title={title}>
      Send
    </button>
  );
}
