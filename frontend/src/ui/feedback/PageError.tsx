import { Button } from "../controls/Button";
import { joinClasses } from "../classes";
import { Icon } from "../icons/Icon";
import styles from "./PageError.module.css";
import text from "../text.module.css";

/** An error that may say what to do, and which request the server's log has. */
interface ExplainedError extends Error {
  readonly hint?: string | null;
  readonly requestId?: string | null;
}

interface PageErrorProps {
  /** What failed, such as "The flows cannot be shown". */
  title: string;
  error: ExplainedError;
  /** The one action; "Try again" when only `onAct` is given. */
  action?: string;
  onAct?: () => void;
}

/** Takes the place of a page that cannot be shown: what failed, why, one action, and the id for the server's log. */
export function PageError({ title, error, action = "Try again", onAct }: PageErrorProps) {
  const { message, hint, requestId } = error;
  return (
    <div className={styles.page} role="alert">
      <Icon name="failed" className={styles.glyph} />
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.words}>
        {message} {hint}
      </p>
      {onAct ? (
        <Button size="l" onClick={onAct}>
          {action}
        </Button>
      ) : null}
      {requestId ? (
        <p className={styles.request}>
          Request <span className={joinClasses(text.code, styles.id)}>{requestId}</span>
        </p>
      ) : null}
    </div>
  );
}
