import { LimitFields } from "../../pages/resource/LimitFields";
import styles from "./ChatPageSide.module.css";
import type { ChatPageDraft } from "./chat-page-draft";

interface PageLimitsProps {
  draft: ChatPageDraft;
  /** Why the server refused the page. */
  error: Error | null;
  onChange: (part: Partial<ChatPageDraft>) => void;
}

/** What all visitors of the page may use together. */
export function PageLimits({ draft, error, onChange }: PageLimitsProps) {
  return (
    <>
      <p className={styles.intro}>
        For all visitors together. Who asks beyond a limit is told so, and when to try again. Tokens count
        when an answer has ended, by the day in UTC; an answer that has begun is never cut.
      </p>
      <LimitFields
        draft={draft.limits}
        error={error}
        within="limits"
        onChange={(limits) => onChange({ limits })}
      />
    </>
  );
}
