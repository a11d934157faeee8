import type { Json, RunInput } from "../api/types";
import { hasContent, getPrompt } from "../run/format";
import { joinClasses } from "../ui/classes";
import { Icon } from "../ui/icons/Icon";
import styles from "./ClientView.module.css";
import { describeTriggerInput, type TriggerWords } from "./trigger-input";

/** What started the run: the prompt of a chat, what its trigger was given in words, otherwise the JSON. */
export function SentInput({ input }: { input: Json | RunInput }) {
  const words = describeTriggerInput(input);
  if (words) return <StartWords words={words} input={input} />;
  const prompt = getPrompt(input);
  if (prompt) return <p className={styles.mine}>{prompt}</p>;
  return hasContent(input) ? (
    <pre className={joinClasses(styles.mine, styles.body)}>{writeJson(input)}</pre>
  ) : null;
}

interface StartWordsProps {
  words: TriggerWords;
  input: Json | RunInput;
}

function StartWords({ words: { kind, title, more }, input }: StartWordsProps) {
  return (
    <div className={styles.start}>
      <p className={styles.startTitle}>
        <Icon name={kind === "schedule" ? "clock" : "chat"} size={14} />
        {title}
      </p>
      {more ? <p>{more.charAt(0).toUpperCase() + more.slice(1)}</p> : null}
      <details>
        <summary>As JSON</summary>
        <pre className={styles.body}>{writeJson(input)}</pre>
      </details>
    </div>
  );
}

function writeJson(input: Json | RunInput): string {
  return JSON.stringify(input, null, 2);
}
