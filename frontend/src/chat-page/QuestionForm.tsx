import { type KeyboardEvent, type SubmitEvent, useRef, useState } from "react";
import type { ConversationFile } from "../api/types";
import { Button } from "../ui/controls/Button";
import type { Turn } from "./conversation";
import { FileChip, RemoveButton } from "./FileChip";
import styles from "./QuestionForm.module.css";

const MAX_PROMPT_CHARACTERS = 16_000;

interface QuestionFormProps {
  turn: Turn;
  onSend: (prompt: string, files: readonly ConversationFile[]) => void;
  onCancel: () => void;
}

/**
 * Changes a question that was asked; it keeps its files. Its answer, and what follows, give way to a new one. Escape
 * leaves it while nothing is changed.
 */
export function QuestionForm({ turn, onSend, onCancel }: QuestionFormProps) {
  const [typed, setTyped] = useState(turn.prompt);
  const [files, setFiles] = useState(turn.files);
  const field = useRef<HTMLTextAreaElement>(null);
  const send = () => {
    if (typed.trim() !== "") onSend(typed.trim(), files);
  };
  const remove = ({ id }: ConversationFile) => {
    setFiles(files.filter((file) => file.id !== id));
    field.current?.focus();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault(); // which also keeps a widget open
      if (typed === turn.prompt && files === turn.files) onCancel();
    }
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {files.length > 0 ? (
        <ul className={styles.files} aria-label="Files of the question">
          {files.map((file) => (
            <li key={file.id}>
              <FileChip name={file.name} bytes={file.bytes}>
                <RemoveButton name={file.name} onRemove={() => remove(file)} />
              </FileChip>
            </li>
          ))}
        </ul>
      ) : null}
      <textarea
        ref={field}
        autoFocus
        className={styles.text}
        aria-label="Question"
        maxLength={MAX_PROMPT_CHARACTERS}
        rows={Math.min(8, typed.split("\n").length + 1)}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={press}
      />
      <p className={styles.buttons}>
        <Button size="l" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="l" kind="solid" type="submit" reason={typed.trim() === "" ? "Type a question" : null}>
          Send
        </Button>
      </p>
    </form>
  );
}
