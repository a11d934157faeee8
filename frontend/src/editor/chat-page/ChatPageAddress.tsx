import { useState } from "react";
import { useReplaceChatLink } from "../../api/chat-page-setup";
import type { ChatPage } from "../../api/types";
import { Button } from "../../ui/controls/Button";
import { CopyButton } from "../../ui/controls/CopyButton";
import { FieldGroup } from "../../ui/controls/FieldGroup";
import { AlertDialog } from "../../ui/overlays/AlertDialog";
import text from "../../ui/text.module.css";
import styles from "./ChatPageAddress.module.css";

interface ChatPageAddressProps {
  flow: string;
  page: ChatPage;
}

/** Where the page is now, with a way to copy that, and for a link a way to replace it. */
export function ChatPageAddress({ flow, page }: ChatPageAddressProps) {
  const { url, access } = page;
  if (url === null) return null;
  return (
    <FieldGroup legend={access === "link" ? "Link" : "Address"}>
      <p className={styles.line}>
        <a
          className={`${styles.address ?? ""} ${text.code ?? ""}`}
          href={url}
          target="_blank"
          rel="noreferrer"
        >
          {url}
        </a>
        <CopyButton text={url} label="Copy the address" />
        {access === "link" ? <ReplaceLinkButton flow={flow} /> : null}
      </p>
    </FieldGroup>
  );
}

function ReplaceLinkButton({ flow }: { flow: string }) {
  const [isAsking, setIsAsking] = useState(false);
  const replace = useReplaceChatLink(flow);
  return (
    <>
      <Button kind="danger" onClick={() => setIsAsking(true)}>
        Replace
      </Button>
      <AlertDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Replace the link?"
        action="Replace link"
        busy={replace.isPending ? "Replacing" : false}
        refusal={replace.error?.message ?? null}
        onConfirm={() => replace.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
      >
        Who has the old link loses the page at once, and needs the new one.
      </AlertDialog>
    </>
  );
}
