import type { ReactNode, SubmitEvent } from "react";
import type { RunInput } from "../api/types";
import { IconButton } from "../ui/controls/Button";
import text from "../ui/text.module.css";
import { useKeptText } from "../ui/useKeptText";
import styles from "./Compose.module.css";
import { ComposeJson } from "./ComposeJson";
import { getSendReason } from "./send-reason";
import { isRunning } from "../run/store";
import { useShownRun } from "../run/useShownRun";

/** How the panel asks for the input of a run. */
export type ComposeOptions =
  /** `send` tells whether the run was started. */
  | { kind: "prompt"; hasSessions: boolean; send: (prompt: string) => Promise<boolean> }
  | { kind: "json"; input: RunInput; send: (input: RunInput) => void };

interface ComposeProps {
  flow: string;
  ask: ComposeOptions;
  /** Names the session of a prompt and chooses another one. */
  sessionChip: ReactNode;
}

/** Runs the flow with the input that a client would send. */
export function Compose({ flow, ask, sessionChip }: ComposeProps) {
  const busy = useShownRun((shown) => isRunning(shown.state) || shown.pendingRequest !== null);
  return ask.kind === "json" ? (
    <ComposeJson flow={flow} input={ask.input} busy={busy} onSend={ask.send} />
  ) : (
    <ComposePrompt flow={flow} chip={ask.hasSessions ? sessionChip : null} isBusy={busy} onSend={ask.send} />
  );
}

interface ComposePromptProps {
  flow: string;
  chip: ReactNode;
  isBusy: boolean;
  onSend: (prompt: string) => Promise<boolean>;
}

function ComposePrompt({ flow, chip, isBusy: busy, onSend }: ComposePromptProps) {
  const typed = useKeptText(`question.${flow}`);
  const prompt = typed.text ?? "";
  const reason = getSendReason(busy) ?? (prompt.trim() === "" ? "Type a question first." : null);
  const send = async (): Promise<void> => {
    typed.change(null);
    if (!(await onSend(prompt.trim()))) typed.giveBack(prompt);
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (reason === null) void send();
  };
  return (
    <form className={styles.compose} onSubmit={submit}>
      <input
        className={text.grow}
        aria-label="Ask as the client would"
        placeholder="Ask as the client would"
        value={prompt}
        autoComplete="off"
        onChange={(event) => typed.change(event.target.value)}
      />
      {chip}
      <IconButton icon="send" label="Send" type="submit" reason={reason} />
    </form>
  );
}
