import { type SubmitEvent, useState } from "react";
import type { RunInput } from "../api/types";
import { IconButton } from "../ui/controls/Button";
import { Tag } from "../ui/feedback/Tag";
import text from "../ui/text.module.css";
import styles from "./Compose.module.css";
import { ComposeJson } from "./ComposeJson";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

/** How the panel asks for the input of a run. */
export type ComposeOptions =
  | { kind: "prompt"; session: string | null; send: (prompt: string) => void }
  | { kind: "json"; input: RunInput; send: (input: RunInput) => void };

/** Runs the flow with the input that a client would send. */
export function Compose({ ask }: { ask: ComposeOptions }) {
  const busy = useShownRun((shown) => isRunning(shown.state) || shown.pendingRequest !== null);
  return ask.kind === "json" ? (
    <ComposeJson input={ask.input} busy={busy} onSend={ask.send} />
  ) : (
    <ComposePrompt session={ask.session} isBusy={busy} onSend={ask.send} />
  );
}

interface ComposePromptProps {
  /** The session of the next run. */
  session: string | null;
  isBusy: boolean;
  onSend: (prompt: string) => void;
}

function ComposePrompt({ session, isBusy: busy, onSend }: ComposePromptProps) {
  const [prompt, setPrompt] = useState("");
  const ready = prompt.trim() !== "" && !busy;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onSend(prompt.trim());
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
