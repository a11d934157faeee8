import { type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { Icon } from "../ui/icons/Icon";
import styles from "./Composer.module.css";
import { ask, conversationStore, isAnswering, stop } from "./conversation";
import { onOpened } from "./frame";

const MAX_PROMPT_CHARACTERS = 16_000;

/** The field for the next question. While an answer is written, its button stops that. */
export function Composer({ notice }: { notice: string }) {
  const id = useStore(conversationStore, (state) => state.id);
  const isBusy = useStore(conversationStore, isAnswering);
  const isLoading = useStore(conversationStore, (state) => state.isLoading);
  const [typed, setTyped] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a phone the focus would cover half of the page with the keyboard.
    if (matchMedia("(hover: hover)").matches) field.current?.focus();
  }, [id]);
  useEffect(() => onOpened(() => field.current?.focus()), []);
  const prompt = typed.trim();
  const canSend = !isBusy && !isLoading && prompt !== "";
  const send = () => {
    if (!canSend) return;
    ask(prompt);
    setTyped("");
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
  return (
    <footer className={styles.dock}>
      <form className={styles.column} onSubmit={submit}>
        <div className={styles.box}>
          <textarea
            ref={field}
            className={styles.text}
            aria-label="Ask a question"
            placeholder="Ask a question"
            rows={1}
            maxLength={MAX_PROMPT_CHARACTERS}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={press}
          />
          {isBusy ? (
            <button type="button" className={styles.button} onClick={() => void stop()}>
              <Icon name="stopped" size={14} />
              Stop
            </button>
          ) : (
            <button type="submit" className={styles.button} aria-disabled={!canSend || undefined}>
              Send
            </button>
          )}
        </div>
        {notice ? <p className={styles.notice}>{notice}</p> : null}
      </form>
    </footer>
  );
}
