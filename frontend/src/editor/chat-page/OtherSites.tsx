import { getFieldError } from "../../api/refusals";
import type { ChatPage } from "../../api/types";
import { CopyButton } from "../../ui/controls/CopyButton";
import { Field } from "../../ui/controls/Field";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { TextArea } from "../../ui/controls/Input";
import { Notice } from "../../ui/feedback/Notice";
import text from "../../ui/text.module.css";
import dialog from "./ChatPageSide.module.css";
import type { ChatPageDraft } from "./chat-page-draft";
import styles from "./OtherSites.module.css";

interface OtherSitesProps {
  /** The page as it is stored. */
  page: ChatPage;
  draft: ChatPageDraft;
  /** Why the server refused the page. */
  error: Error | null;
  onChange: (part: Partial<ChatPageDraft>) => void;
}

/** Which sites may show the chat in their pages, and the line that they put there. */
export function OtherSites({ page, draft, error, onChange }: OtherSitesProps) {
  return (
    <>
      <p className={dialog.intro}>
        A round button in a corner of your site opens the chat. Only a page for everybody, or for anybody with
        the link, can be shown there.
      </p>
      {draft.access === "link" ? (
        <div className={styles.notice}>
          <Notice kind="warning">Whoever sees the site can read the link in its source.</Notice>
        </div>
      ) : null}
      <Field
        label="Allowed origins"
        optional
        help="One on each line. Without one, no other site may show the chat."
        error={getFieldError(error, "origins")}
      >
        {(control) => (
          <TextArea
            {...control}
            rows={3}
            placeholder="https://www.example.com"
            value={draft.origins}
            onChange={(event) => onChange({ origins: event.target.value })}
          />
        )}
      </Field>
      <WidgetLine page={page} />
    </>
  );
}

/** The line for the source of a site, or why there is none. */
function WidgetLine({ page }: { page: ChatPage }) {
  const isOpen = page.access === "link" || page.access === "public";
  if (page.url === null || !isOpen)
    return (
      <Notice kind="warning">The page is {closedWords[page.access]}, so other sites cannot show it.</Notice>
    );
  if (page.origins.length === 0) return null;
  const line = `<script src="${page.url}/widget.js" async></script>`;
  return (
    <FieldGroup legend="Line for the pages of these sites">
      <p className={styles.line}>
        <code className={`${styles.code ?? ""} ${text.code ?? ""}`}>{line}</code>
        <CopyButton text={line} label="Copy the line" />
      </p>
    </FieldGroup>
  );
}

const closedWords: Record<ChatPage["access"], string> = {
  nobody: "for nobody",
  members: "for members alone",
  link: "closed",
  public: "closed",
};
