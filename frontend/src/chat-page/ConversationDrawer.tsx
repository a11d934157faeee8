import { type KeyboardEvent, type SubmitEvent, useEffect, useState } from "react";
import { useStore } from "zustand";
import { deleteConversation, listConversations, renameConversation } from "../api/chat-page";
import type { Conversation } from "../api/types";
import { Button, IconButton } from "../ui/controls/Button";
import { Input } from "../ui/controls/Input";
import { SearchBox } from "../ui/controls/SearchBox";
import { beginConversation, conversationStore, openConversation } from "./conversation";
import styles from "./ConversationDrawer.module.css";

interface ConversationDrawerProps {
  address: string;
  onClose: () => void;
}

/** The visitor's own conversations: open, find, rename and delete them. Escape closes it. */
export function ConversationDrawer({ address, onClose }: ConversationDrawerProps) {
  const [search, setSearch] = useState("");
  const { rows, failure, reload } = useConversations(address, search);
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault(); // which also keeps a widget open
    onClose();
  };
  return (
    <nav className={styles.drawer} aria-label="Chats" onKeyDown={press}>
      <div className={styles.head}>
        <SearchBox label="Find a chat" value={search} onChange={setSearch} className={styles.search} />
        <IconButton icon="close" label="Close the list" onClick={onClose} />
      </div>
      {failure ? <p className={styles.empty}>{failure}</p> : null}
      {rows?.length === 0 ? (
        <p className={styles.empty}>{search ? "No chat has these words." : "No chats yet."}</p>
      ) : null}
      <ul className={styles.list}>
        {rows?.map((row) => (
          <ConversationRow key={row.id} address={address} row={row} onOpen={onClose} onChange={reload} />
        ))}
      </ul>
    </nav>
  );
}

const TYPING_PAUSE_MS = 200;

function useConversations(address: string, search: string) {
  const changes = useStore(conversationStore, (state) => state.changes);
  const [loads, setLoads] = useState(0);
  const [rows, setRows] = useState<Conversation[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let isLeft = false;
    const load = async () => {
      const found = await listConversations(address, search.trim());
      if (!isLeft) setRows(found);
      if (!isLeft) setFailure(null);
    };
    const timer = setTimeout(
      () => void load().catch(() => setFailure("The chats cannot be shown now.")),
      search ? TYPING_PAUSE_MS : 0,
    );
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [address, search, changes, loads]);
  return { rows, failure, reload: () => setLoads((count) => count + 1) };
}

interface ConversationRowProps {
  address: string;
  row: Conversation;
  onOpen: () => void;
  onChange: () => void;
}

function ConversationRow({ address, row, onOpen, onChange }: ConversationRowProps) {
  const [mode, setMode] = useState<"shown" | "renaming" | "deleting">("shown");
  const isOpen = useStore(conversationStore, ({ id }) => id === row.id);
  const title = row.name || row.question;
  const finish = (work: Promise<unknown>) => {
    setMode("shown");
    void work.then(onChange, onChange);
  };
  if (mode === "renaming")
    return (
      <RenameForm
        name={title}
        onCancel={() => setMode("shown")}
        onRename={(name) => finish(renameConversation(address, row.id, name))}
      />
    );
  const remove = () => {
    finish(deleteConversation(address, row.id));
    if (isOpen) beginConversation(address);
  };
  const open = () => {
    void openConversation(address, row.id);
    onOpen();
  };
  return (
    <li className={styles.row}>
      <button type="button" className={styles.open} aria-current={isOpen || undefined} onClick={open}>
        {title}
      </button>
      {mode === "deleting" ? (
        <>
          <Button kind="danger" aria-label={`Delete ${title} for good`} autoFocus onClick={remove}>
            Delete
          </Button>
          <Button onClick={() => setMode("shown")}>Keep</Button>
        </>
      ) : (
        <>
          <IconButton icon="edit" label={`Rename ${title}`} onClick={() => setMode("renaming")} />
          <IconButton icon="trash" label={`Delete ${title}`} onClick={() => setMode("deleting")} />
        </>
      )}
    </li>
  );
}

interface RenameFormProps {
  name: string;
  onRename: (name: string) => void;
  onCancel: () => void;
}

function RenameForm({ name, onRename, onCancel }: RenameFormProps) {
  const [typed, setTyped] = useState(name);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onRename(typed.trim());
  };
  return (
    <li>
      <form className={styles.row} onSubmit={submit}>
        <Input
          autoFocus
          aria-label="Name of the chat"
          className={styles.search}
          maxLength={MAX_NAME_CHARACTERS}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            onCancel();
          }}
        />
        <Button size="l" type="submit">
          Rename
        </Button>
      </form>
    </li>
  );
}

const MAX_NAME_CHARACTERS = 120;
