import { memo, useMemo } from "react";
import { Markdown } from "../run-panel/markdown/Markdown";
import { Button } from "../ui/controls/Button";
import { Notice } from "../ui/feedback/Notice";
import { Icon } from "../ui/icons/Icon";
import { AnswerActions } from "./AnswerActions";
import styles from "./AnswerView.module.css";
import { describeAnswer, isGoingOn } from "./answer";
import { ask, askAgain, type Turn } from "./conversation";
import { Sources } from "./Sources";

interface AnswerViewProps {
  turn: Turn;
  isLast: boolean;
}

/** The answer of a turn while it is written, and what can be done with it when it has ended. */
export function AnswerView({ turn, isLast }: AnswerViewProps) {
  const { answer, refusal } = turn;
  const { text, sources, thinking, values } = useMemo(() => describeAnswer(answer), [answer]);
  const isActive = isGoingOn(answer) && refusal === null;
  return (
    <div className={styles.answer} aria-busy={isActive}>
      {thinking ? <Thinking text={thinking} /> : null}
      <div aria-live="off" className={styles.text}>
        {text || isActive ? <Markdown text={text} isGrowing={isActive} /> : null}
      </div>
      {values.map((value, index) => (
        <pre key={index} className={styles.value} tabIndex={0} role="group" aria-label="Value">
          {JSON.stringify(value, null, 2)}
        </pre>
      ))}
      {isActive ? null : <Sources sources={sources} />}
      <Ending turn={turn} />
      {isActive || turn.run === null || refusal ? null : <AnswerActions turn={turn} isLast={isLast} />}
    </div>
  );
}

const Thinking = memo(function Thinking({ text }: { text: string }) {
  return (
    <details className={styles.thinking}>
      <summary>
        <Icon name="right" size={14} />
        Thinking
      </summary>
      <p>{text}</p>
    </details>
  );
});

/** Says in words why there is no whole answer, and offers the way on. */
function Ending({ turn }: { turn: Turn }) {
  const { answer, refusal, prompt, run, files } = turn;
  if (refusal)
    return (
      <Failure
        message={refusal.message}
        hint={refusal.hint}
        action="Try again"
        onAction={() => askAgain(turn)}
      />
    );
  const again = () => ask(prompt, run, files);
  if (answer.status === "failed")
    return (
      <Failure
        message={answer.error?.message ?? "The answer could not be finished."}
        hint={answer.error?.hint ?? null}
        action="Ask again"
        onAction={again}
      />
    );
  if (answer.status === "interrupted")
    return <Failure message="The answer was interrupted." hint={null} action="Ask again" onAction={again} />;
  if (answer.status === "cancelled") return <p className={styles.ended}>Stopped.</p>;
  if (answer.status === "completed" && answer.parts.length === 0)
    return <p className={styles.ended}>The answer is empty.</p>;
  return null;
}

interface FailureProps {
  message: string;
  hint: string | null;
  action: string;
  onAction: () => void;
}

function Failure({ message, hint, action, onAction }: FailureProps) {
  return (
    <Notice kind="failed">
      <p className={styles.failure}>
        <b>{message}</b> {hint}
      </p>
      <Button className={styles.again} icon="again" onClick={onAction}>
        {action}
      </Button>
    </Notice>
  );
}
