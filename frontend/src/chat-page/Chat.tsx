import { type CSSProperties, useEffect, useState } from "react";
import { useStore } from "zustand";
import type { OpenChatPage } from "../api/types";
import { Button } from "../ui/controls/Button";
import { Icon } from "../ui/icons/Icon";
import { DropGround } from "../ui/overlays/DropGround";
import text from "../ui/text.module.css";
import { attachFiles } from "./attachments";
import { Composer } from "./Composer";
import { ConversationDrawer } from "./ConversationDrawer";
import { beginConversation, conversationStore, openConversation } from "./conversation";
import { framingOrigin, tellPage } from "./frame";
import { readConversationId } from "./ids";
import styles from "./Chat.module.css";
import { PageSign } from "./PageSign";
import { TurnList } from "./TurnList";

interface ChatProps {
  address: string;
  page: OpenChatPage;
}

/** The page: its head, the conversation, the field, and the list of conversations while that is open. */
export function Chat({ address, page }: ChatProps) {
  const [isListOpen, setIsListOpen] = useState(false);
  const rules = page.files;
  useEffect(() => {
    const id = readConversationId();
    if (id === null) beginConversation(address);
    else void openConversation(address, id);
  }, [address]);
  return (
    <div className={styles.chat} style={getColours(page)}>
      <header className={styles.head}>
        <PageSign page={page} />
        <div className={text.grow}>
          <h1 className={styles.title}>{page.title}</h1>
          {page.description ? <p className={styles.description}>{page.description}</p> : null}
        </div>
        <HeadButton
          icon="history"
          label="Chats"
          aria-expanded={isListOpen}
          onClick={() => setIsListOpen(!isListOpen)}
        />
        <HeadButton icon="add" label="New chat" onClick={() => beginConversation(address)} />
        {framingOrigin === null ? null : (
          <HeadButton icon="close" label="Close the chat" onClick={() => tellPage("close")} />
        )}
      </header>
      {isListOpen ? <ConversationDrawer address={address} onClose={() => setIsListOpen(false)} /> : null}
      <DropGround
        label="Drop to add to the question"
        className={styles.ground}
        onFiles={rules ? (files) => void attachFiles(address, files, rules) : undefined}
      >
        <ConversationView page={page} />
        <Composer address={address} page={page} />
      </DropGround>
    </div>
  );
}

interface HeadButtonProps {
  icon: "history" | "add" | "close";
  label: string;
  "aria-expanded"?: boolean;
  onClick: () => void;
}

/** A button of the head; on a narrow page only its glyph. */
function HeadButton({ icon, label, ...rest }: HeadButtonProps) {
  return (
    <Button size="l" className={styles.button} aria-label={label} {...rest}>
      <Icon name={icon} />
      <span className={styles.word}>{label}</span>
    </Button>
  );
}

function ConversationView({ page }: { page: OpenChatPage }) {
  const id = useStore(conversationStore, (state) => state.id);
  return <TurnList key={id} page={page} />;
}

const tokens = { teal: "role-action", orange: "role-trigger", navy: "role-end", slate: "role-helper" };

/** The tint and the ink of the page's colour, which can be read on each other in both themes. */
function getColours({ colour }: OpenChatPage): CSSProperties {
  const token = colour === "violet" ? "token" : tokens[colour];
  return { "--page-tint": `var(--${token}-tint)`, "--page-ink": `var(--${token}-ink)` } as CSSProperties;
}
