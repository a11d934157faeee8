import { memo, useState } from "react";
import type { ConversationFile } from "../api/types";
import { IconButton } from "../ui/controls/Button";
import { AnswerView } from "./AnswerView";
import { ask, type Turn } from "./conversation";
import { isGoingOn } from "./answer";
import { QuestionForm } from "./QuestionForm";
import { TurnFiles } from "./TurnFiles";
import styles from "./TurnView.module.css";

interface TurnViewProps {
  turn: Turn;
  isLast: boolean;
}

/** A question and its answer. Only the turn that is written now is drawn again and again. */
export const TurnView = memo(function TurnView({ turn, isLast }: TurnViewProps) {
  const [isEditing, setIsEditing] = useState(false);
  const send = (prompt: string, files: readonly ConversationFile[]) => {
    setIsEditing(false);
    ask(prompt, turn.run, files);
  };
  return (
    <article className={styles.turn} aria-label={turn.prompt.slice(0, MAX_LABEL_CHARACTERS)}>
      {isEditing ? (
        <QuestionForm turn={turn} onSend={send} onCancel={() => setIsEditing(false)} />
      ) : (
        <>
          <TurnFiles files={turn.files} />
          <div className={styles.question}>
            {turn.run !== null && !isGoingOn(turn.answer) ? (
              <IconButton
                icon="edit"
                label="Edit the question"
                title="Edit the question"
                className={styles.edit}
                onClick={() => setIsEditing(true)}
              />
            ) : null}
            <p className={styles.prompt}>{turn.prompt}</p>
          </div>
        </>
      )}
      <AnswerView turn={turn} isLast={isLast} />
    </article>
  );
});

const MAX_LABEL_CHARACTERS = 80;
