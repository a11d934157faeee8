import { useEffect, useState } from "react";
import { useChangeChatPage, useChatPage } from "../../api/chat-page-setup";
import { ApiError } from "../../api/client";
import { describeError } from "../../api/refusals";
import type { ChatPage, FlowHead } from "../../api/types";
import { findLimitFault, limitFields } from "../../pages/resource/limits";
import { ResourceDialog } from "../../pages/resource/ResourceDialog";
import { TabPanel, Tabs } from "../../ui/controls/Tabs";
import { showFailedToast } from "../../ui/feedback/toasts";
import text from "../../ui/text.module.css";
import { changeLayout, useLayout } from "../layout";
import { ChatPageAddress } from "./ChatPageAddress";
import { ChatPageFields } from "./ChatPageFields";
import styles from "./ChatPageSide.module.css";
import { toChange, toDraft } from "./chat-page-draft";
import { LogoField } from "./LogoField";
import { OtherSites } from "./OtherSites";
import { PageLimits } from "./PageLimits";

/** Opens the dialog of the flow's chat page while it is asked for. */
export function ChatPageSide({ flow }: { flow: FlowHead }) {
  const isOpen = useLayout((layout) => layout.chatPage);
  return isOpen ? <LoadedDialog flow={flow} /> : null;
}

function LoadedDialog({ flow }: { flow: FlowHead }) {
  const { data, error } = useChatPage(flow.id);
  useEffect(() => {
    if (!error || data) return;
    showFailedToast("The chat page cannot be shown", { text: describeError(error) });
    close();
  }, [error, data]);
  return data ? <ChatPageDialog flow={flow} page={data} /> : null;
}

function close(): void {
  changeLayout({ chatPage: false });
}

const tabs = [
  { value: "page", title: "Page" },
  { value: "sites", title: "Other sites" },
  { value: "limits", title: "Limits" },
] as const;
type Tab = (typeof tabs)[number]["value"];
const fieldNames = [
  ...["access", "name", "title", "description", "greeting", "starters", "notice", "colour", "origins"],
  ...limitFields.map(({ name }) => `limits.${name}`),
];

/** The tab on which a refusal is shown. */
function findTab(error: Error): Tab {
  const field = error instanceof ApiError ? error.field : null;
  if (field?.startsWith("origins")) return "sites";
  return field?.startsWith("limits") ? "limits" : "page";
}

/** Sets up who may use the chat page of a flow, how it looks, and where else it is shown. */
function ChatPageDialog({ flow, page }: { flow: FlowHead; page: ChatPage }) {
  const [tab, setTab] = useState<Tab>("page");
  const [draft, setDraft] = useState(() => toDraft(page));
  const change = useChangeChatPage(flow.id);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(toDraft(page));
  const send = () =>
    change.mutate(toChange(draft), {
      onSuccess: (changed) => setDraft(toDraft(changed)),
      onError: (error) => setTab(findTab(error)),
    });
  const isSaved = change.isSuccess && !isChanged;
  const edit = {
    draft,
    error: change.error,
    onChange: (part: Partial<typeof draft>) => setDraft({ ...draft, ...part }),
  };
  return (
    <ResourceDialog
      title="Chat page"
      submitLabel={change.isPending ? "Saving" : "Save"}
      closeLabel="Close"
      busy={change.isPending}
      missing={isChanged ? findLimitFault(draft.limits) : isSaved ? "Saved." : "Nothing is changed."}
      holdsWork={isChanged}
      error={change.error}
      fieldNames={fieldNames}
      onSubmit={send}
      onClose={close}
    >
      <p className={text.hidden} role="status">
        {isSaved ? "The chat page is saved" : ""}
      </p>
      <ChatPageAddress flow={flow.id} page={page} />
      <Tabs
        label="Parts of the chat page"
        tabs={tabs}
        value={tab}
        onChange={setTab}
        listClassName={styles.tabs}
      >
        <TabPanel value="page">
          <ChatPageFields flowName={flow.name} {...edit} />
          <LogoField flow={flow.id} page={page} />
        </TabPanel>
        <TabPanel value="sites">
          <OtherSites page={page} {...edit} />
        </TabPanel>
        <TabPanel value="limits">
          <PageLimits {...edit} />
        </TabPanel>
      </Tabs>
    </ResourceDialog>
  );
}
