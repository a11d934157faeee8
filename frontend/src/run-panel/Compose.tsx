import { type ReactNode, type SubmitEvent, useState } from "react";
import type { RunInput } from "../api/types";
import { IconButton } from "../ui/controls/Button";
import text from "../ui/text.module.css";
import styles from "./Compose.module.css";
import { ComposeJson } from "./ComposeJson";
import { getSendReason } from "./send-reason";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

/** How the panel asks for the input of a run. */
export type ComposeOptions =
  | { kind: "prompt"; hasSessions: boolean; send: (prompt: string) => void }
  | { kind: "json"; input: RunInput; send: (input: RunInput) => void };

interface ComposeProps {
  ask: ComposeOptions;
  /** Names the session of a prompt and chooses another one. */
  sessionChip: ReactNode;
}

/** Runs the flow with the input that a client would send. */
export function Compose({ ask, sessionChip }: ComposeProps) {
  const busy = useShownRun((shown) => isRunning(shown.state) || shown.pendingRequest !== null);
  return ask.kind === "json" ? (
    <ComposeJson input={ask.input} busy={busy} onSend={ask.send} />
  ) : (
    <ComposePrompt chip={ask.hasSessions ? sessionChip : null} isBusy={busy} onSend={ask.send} />
  );
}

interface ComposePromptProps {
  chip: ReactNode;
  isBusy: boolean;
  onSend: (prompt: string) => void;
}

function ComposePrompt({ chip, isBusy: busy, onSend }: ComposePromptProps) {
  const [prompt, setPrompt] = useState("");
  const reason = getSendReason(busy) ?? (prompt.trim() === "" ? "Type a question first." : null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (reason !== null) return;
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
      {chip}
      <IconButton icon="send" label="Send" type="submit" reason={reason} />
    </form>
  );
}
