import type { Json, RunInput } from "../api/types";
import { hasContent, getPrompt } from "../run/format";
import styles from "./ClientView.module.css";

/** The input that the client sent: the prompt of a chat, otherwise the JSON. */
export function SentInput({ input }: { input: Json | RunInput }) {
  const prompt = getPrompt(input);
  if (prompt) return <p className={styles.mine}>{prompt}</p>;
  return hasContent(input) ? (
    <pre className={`${styles.mine ?? ""} ${styles.body ?? ""}`}>{JSON.stringify(input, null, 2)}</pre>
  ) : null;
}
