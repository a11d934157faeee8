import { type SubmitEvent, useState } from "react";
import type { Rating } from "../api/types";
import { Button } from "../ui/controls/Button";
import { CopyButton } from "../ui/controls/CopyButton";
import { Input } from "../ui/controls/Input";
import styles from "./AnswerActions.module.css";
import { getPlainText } from "./answer";
import { ask, rate, type Turn } from "./conversation";

interface AnswerActionsProps {
  turn: Turn;
  isLast: boolean;
}

/** What can be done with an answer that has ended. Those of earlier answers appear under the pointer. */
export function AnswerActions({ turn, isLast }: AnswerActionsProps) {
  return (
    <>
      <div className={styles.actions} data-last={isLast}>
        <CopyButton kind="quiet" text={getPlainText(turn.answer)} label="Copy the answer" />
        <Button kind="quiet" icon="again" onClick={() => ask(turn.prompt, turn.run, turn.files)}>
          Answer again
        </Button>
        <RatingButton turn={turn} rating="good" icon="works" label="Good" />
        <RatingButton turn={turn} rating="bad" icon="failed" label="Bad" />
      </div>
      {turn.rating === "bad" && turn.comment === "" ? <CommentForm turn={turn} /> : null}
    </>
  );
}

interface RatingButtonProps {
  turn: Turn;
  rating: Rating;
  icon: "works" | "failed";
  label: string;
}

function RatingButton({ turn, rating, icon, label }: RatingButtonProps) {
  const isPressed = turn.rating === rating;
  return (
    <Button
      kind="quiet"
      icon={icon}
      aria-pressed={isPressed}
      aria-label={`${label} answer`}
      className={isPressed ? styles.pressed : undefined}
      onClick={() => void rate(turn, isPressed ? null : rating)}
    >
      {label}
    </Button>
  );
}

const MAX_COMMENT_CHARACTERS = 1_000;

/** Asks what was wrong with an answer. */
function CommentForm({ turn }: { turn: Turn }) {
  const [comment, setComment] = useState("");
  const [hasFailed, setHasFailed] = useState(false);
  const send = async () => setHasFailed(!(await rate(turn, turn.rating, comment.trim())));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (comment.trim() !== "") void send();
  };
  return (
    <form className={styles.comment} onSubmit={submit}>
      <Input
        aria-label="What was wrong?"
        placeholder="What was wrong?"
        className={styles.input}
        maxLength={MAX_COMMENT_CHARACTERS}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <Button size="l" type="submit" reason={comment.trim() === "" ? "Type a word first" : null}>
        Send
      </Button>
      {hasFailed ? <p role="alert">It was not sent. Send it again.</p> : null}
    </form>
  );
}
