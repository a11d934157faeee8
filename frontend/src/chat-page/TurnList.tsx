import { useStore } from "zustand";
import type { OpenChatPage } from "../api/types";
import { splitSentences } from "../run-panel/sentences";
import { useFollowEnd } from "../ui/useFollowEnd";
import { Button } from "../ui/controls/Button";
import { Notice } from "../ui/feedback/Notice";
import text from "../ui/text.module.css";
import { getPlainText, isGoingOn } from "./answer";
import { conversationStore, type Turn } from "./conversation";
import styles from "./TurnList.module.css";
import { TurnView } from "./TurnView";
import { Welcome } from "./Welcome";

/** The turns of the conversation, which follow the end until the reader scrolls up; before the first, a welcome. */
export function TurnList({ page }: { page: OpenChatPage }) {
  const { turns, isLoading, failure, id } = useStore(conversationStore);
  const last = turns.at(-1);
  const { scroller, isAtEnd, scrollToEnd, onScroll } = useFollowEnd(
    turns.length + measure(last),
    last?.key ?? id, // who asks sees the question, wherever they were reading
  );
  const isEmpty = turns.length === 0 && !isLoading && failure === null;
  return (
    <main className={styles.main}>
      <div
        ref={scroller}
        className={styles.scroll}
        onScroll={onScroll}
        tabIndex={0}
        role="group"
        aria-label="Chat"
      >
        <div className={styles.column}>
          {isEmpty ? <Welcome page={page} /> : null}
          {isLoading ? <p className={styles.loading}>Loading the chat</p> : null}
          {turns.map((turn) => (
            <TurnView key={turn.key} turn={turn} isLast={turn === last} />
          ))}
          {failure ? (
            <Notice kind="failed">
              <b>{failure.message}</b> {failure.hint}
            </Notice>
          ) : null}
        </div>
      </div>
      {isAtEnd ? null : (
        <Button className={styles.newest} icon="below" onClick={scrollToEnd}>
          Newest
        </Button>
      )}
      {last ? <Spoken turn={last} /> : null}
    </main>
  );
}

/** A number that changes whenever something is added to the turn. */
function measure(turn: Turn | undefined): number {
  if (!turn) return 0;
  const isAsking = turn.rating === "bad" && turn.comment === "";
  return turn.answer.seq + (turn.refusal ? 0.5 : 0) + (isAsking ? 0.25 : 0);
}

/** Announces the last answer to screen readers, sentence by sentence. */
function Spoken({ turn }: { turn: Turn }) {
  const sentences = turn.question ? splitSentences(getPlainText(turn.answer), isGoingOn(turn.answer)) : [];
  return (
    <div className={text.hidden} role="log" aria-live="polite" aria-label="Answer, spoken">
      {sentences.map(({ at, words }) => (
        <span key={at}>{words} </span>
      ))}
    </div>
  );
}
