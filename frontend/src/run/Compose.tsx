import { type SubmitEvent, useState } from "react";
import { IconButton } from "../ui/Button";
import { Tag } from "../ui/Tag";
import text from "../ui/text.module.css";
import styles from "./Compose.module.css";
import { isGoing, useShownRun } from "./store";

interface ComposeProps {
  onAsk: (prompt: string) => void;
  session: string | null;
}

/** Runs the flow with what a client would ask. */
export function Compose({ onAsk, session }: ComposeProps) {
  const [prompt, setPrompt] = useState("");
  const busy = useShownRun((shown) => isGoing(shown.state) || shown.asked !== null);
  const ready = prompt.trim() !== "" && !busy;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onAsk(prompt.trim());
    setPrompt("");
  };
  return (
    <form className={styles.compose} onSubmit={submit}>
      <input
        className={text.grow}
        aria-label="Ask as the client would"
        placeholder="Ask as the client would"
        value={prompt}
        autoComplete="off"
        onChange={(event) => setPrompt(event.target.value)}
      />
      {session === null ? null : (
        <Tag>
          <span className={text.code}>session {session}</span>
        </Tag>
      )}
      <IconButton icon="send" label="Send" type="submit" disabled={!ready} />
    </form>
  );
}
