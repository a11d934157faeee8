import { useEffect, useState } from "react";
import { useChangeChatPage, useChatPage } from "../../api/chat-page-setup";
import type { ChatPage, FlowHead } from "../../api/types";
import { describeError } from "../../api/refusals";
import { ResourceDialog } from "../../pages/resource/ResourceDialog";
import { showDoneToast, showFailedToast } from "../../ui/feedback/toasts";
import { changeLayout, useLayout } from "../layout";
import { ChatPageAddress } from "./ChatPageAddress";
import { ChatPageFields } from "./ChatPageFields";
import { toChange, toDraft } from "./chat-page-draft";

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

/** Sets up who may use the chat page of a flow, and how it looks. */
function ChatPageDialog({ flow, page }: { flow: FlowHead; page: ChatPage }) {
  const [draft, setDraft] = useState(() => toDraft(page));
  const change = useChangeChatPage(flow.id);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(toDraft(page));
  const send = () =>
    change.mutate(toChange(draft), {
      onSuccess: (changed) => {
        setDraft(toDraft(changed));
        showDoneToast("Chat page saved");
      },
    });
  return (
    <ResourceDialog
      title="Chat page"
      submitLabel={change.isPending ? "Saving" : "Save"}
      closeLabel="Close"
      busy={change.isPending}
      missing={isChanged ? null : "Nothing is changed."}
      holdsWork={isChanged}
      error={change.error}
      fieldNames={["access", "name", "title", "description", "greeting", "starters", "notice", "colour"]}
      onSubmit={send}
      onClose={close}
    >
      <ChatPageAddress flow={flow.id} page={page} />
      <ChatPageFields
        flowName={flow.name}
        draft={draft}
        error={change.error}
        onChange={(part) => setDraft({ ...draft, ...part })}
      />
    </ResourceDialog>
  );
}
