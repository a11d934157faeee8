import { type KeyboardEvent, type SubmitEvent, useId, useState } from "react";
import type { RunInput } from "../api/types";
import { readJson, writeJson } from "../graph/typed-json";
import { IconButton } from "../ui/controls/Button";
import { joinClasses } from "../ui/classes";
import { Icon } from "../ui/icons/Icon";
import { getSendReason } from "./send-reason";
import text from "../ui/text.module.css";
import { useKeptText } from "../ui/useKeptText";
import styles from "./Compose.module.css";

interface ComposeJsonProps {
  flow: string;
  /** The test data of the trigger, with which the body starts. */
  input: RunInput;
  busy: boolean;
  onSend: (input: RunInput) => void;
}

const MAX_ROWS = 3;

/** The JSON body of a request, for a trigger that accepts any JSON. Ctrl or ⌘ with Enter sends it. */
export function ComposeJson({ flow, input, busy, onSend }: ComposeJsonProps) {
  const id = useId();
  const { text: typed, change } = useKeptText(`body.${flow}`);
  const [tried, setTried] = useState(false);
  const body = typed ?? writeJson(input);
  const read = readBody(body);
  const error = "error" in read ? read.error : null;
  const reason = getSendReason(busy) ?? error;
  const send = (): void => {
    setTried(true);
    if (reason === null && "input" in read) onSend(read.input);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    send();
  };
  return (
    <form className={styles.json} onSubmit={submit}>
      <div className={joinClasses(styles.compose, styles.tall)}>
        <textarea
          className={joinClasses(text.grow, text.code)}
          aria-label="Send as the client would"
          aria-describedby={`${id}-said`}
          aria-invalid={(tried && error !== null) || undefined}
          placeholder="{}"
          rows={Math.min(MAX_ROWS, body.split("\n").length)}
          spellCheck={false}
          value={body}
          onFocus={() => setTried(error !== null)}
          onBlur={() => setTried(true)}
          onChange={(event) => change(event.target.value)}
          onKeyDown={press}
        />
        {typed === null ? null : (
          <IconButton icon="undo" label="Back to the test data" onClick={() => change(null)} />
        )}
        <IconButton icon="send" label="Send" type="submit" reason={reason} />
      </div>
      <p id={`${id}-said`} className={styles.said}>
        {tried && error !== null ? (
          <>
            <Icon name="failed" size={12} /> {error}
          </>
        ) : null}
      </p>
    </form>
  );
}

function readBody(body: string): { input: RunInput } | { error: string } {
  const read = readJson(body);
  if ("error" in read) return read;
  const value = read.value ?? {};
  if (typeof value !== "object" || Array.isArray(value))
    return { error: 'The body is an object, as in {"name": "value"}.' };
  return { input: value };
}
