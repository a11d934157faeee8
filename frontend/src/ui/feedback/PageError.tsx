import type { ReactNode } from "react";
import { Button } from "../controls/Button";
import { joinClasses } from "../classes";
import { Icon } from "../icons/Icon";
import styles from "./PageError.module.css";
import text from "../text.module.css";
import { usePageTitle } from "../usePageTitle";

/** An error that may say what to do, and which request the server's log has. */
interface ExplainedError extends Error {
  readonly hint?: string | null;
  readonly requestId?: string | null;
  /** What the browser said, for a report of the fault. */
  readonly browserMessage?: string | null;
}

interface PageErrorProps {
  /** What failed, such as "The flows cannot be shown". */
  title: string;
  error: ExplainedError;
  /** The one action; "Try again" when only `onAct` is given. */
  action?: string;
  onAct?: () => void;
  /** Links to other pages, beside the action. */
  ways?: ReactNode;
  /** The level of the heading: 1 where the error is the whole page. */
  level?: 1 | 2;
}

/** An error in place of the whole page: with its landmark, its heading, and its title in the browser's tab. */
export function ErrorPage(props: Omit<PageErrorProps, "level">) {
  usePageTitle(props.title);
  return (
    <main className={styles.whole}>
      <PageError {...props} level={1} />
    </main>
  );
}

/** Takes the place of what cannot be shown: what failed, why, what to do, and the id for the server's log. */
export function PageError(props: PageErrorProps) {
  const { title, error, action = "Try again", onAct, ways, level = 2 } = props;
  const { message, hint, requestId, browserMessage } = error;
  const Title = `h${level}` as const;
  return (
    <div className={styles.page} role="alert">
      <Icon name="failed" className={styles.glyph} />
      <Title className={styles.title}>{title}</Title>
      <p className={styles.words}>
        {message} {hint}
      </p>
      <div className={styles.ways}>
        {onAct ? (
          <Button size="l" onClick={onAct}>
            {action}
          </Button>
        ) : null}
        {ways}
      </div>
      {requestId ? (
        <p className={styles.request}>
          Request <span className={joinClasses(text.code, styles.id)}>{requestId}</span>
        </p>
      ) : null}
      {browserMessage ? (
        <p className={styles.request}>
          The browser says: <span className={joinClasses(text.code, styles.id)}>{browserMessage}</span>
        </p>
      ) : null}
    </div>
  );
}
