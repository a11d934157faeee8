import { ApiError } from "../../api/client";
import { Button } from "../controls/Button";
import { classes } from "../classes";
import { Icon } from "../icons/Icon";
import styles from "./PageError.module.css";
import text from "../text.module.css";

interface PageErrorProps {
  /** What could not be done, such as "The flows cannot be shown". */
  title: string;
  error: Error;
  /** The one action; "Try again" when only `onAct` is given. */
  action?: string;
  onAct?: () => void;
}

/** An error that takes a page's place: what, why, one action, and the id to look for in the log. */
export function PageError({ title, error, action = "Try again", onAct }: PageErrorProps) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  const hint = error instanceof ApiError ? error.hint : null;
  return (
    <div className={styles.page} role="alert">
      <Icon name="failed" className={styles.glyph} />
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.words}>
        {error.message} {hint}
      </p>
      {onAct ? (
        <Button size="l" onClick={onAct}>
          {action}
        </Button>
      ) : null}
      {requestId ? (
        <p className={styles.request}>
          Request <span className={classes(text.code, styles.id)}>{requestId}</span>
        </p>
      ) : null}
    </div>
  );
}
