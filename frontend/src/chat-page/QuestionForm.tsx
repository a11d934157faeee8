import { type KeyboardEvent, type SubmitEvent, useState } from "react";
import { Button } from "../ui/controls/Button";
import styles from "./QuestionForm.module.css";

const MAX_PROMPT_CHARACTERS = 16_000;

interface QuestionFormProps {
  prompt: string;
  onSend: (prompt: string) => void;
  onCancel: () => void;
}

/** Changes a question that was asked. Its answer, and what follows, give way to a new one. */
export function QuestionForm({ prompt, onSend, onCancel }: QuestionFormProps) {
  const [typed, setTyped] = useState(prompt);
  const send = () => {
    if (typed.trim() !== "") onSend(typed.trim());
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.preventDefault(); // which also keeps a widget open
      onCancel();
    }
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <textarea
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
