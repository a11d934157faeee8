import { type KeyboardEvent, type SubmitEvent, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
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
  const list = useRef<HTMLUListElement>(null);
  const handleDeleted = () => {
    list.current?.focus(); // the button that had the focus goes with its row
    reload();
  };
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
      <ul ref={list} className={styles.list} aria-label="List of chats" tabIndex={-1}>
        {rows?.map((row) => (
          <ConversationRow
            key={row.id}
            address={address}
            row={row}
            onOpen={onClose}
            onRenamed={reload}
            onDeleted={handleDeleted}
          />
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
  onRenamed: () => void;
  onDeleted: () => void;
}

function ConversationRow({ address, row, onOpen, onRenamed, onDeleted }: ConversationRowProps) {
  const [mode, setMode] = useState<"shown" | "renaming" | "deleting">("shown");
  const opener = useRef<HTMLButtonElement>(null);
  const isOpen = useStore(conversationStore, ({ id }) => id === row.id);
  const title = row.name || row.question;
  const show = () => {
    flushSync(() => setMode("shown"));
    opener.current?.focus();
  };
  const rename = async (name: string) => {
    await renameConversation(address, row.id, name);
    show();
    onRenamed();
  };
  const remove = async () => {
    await deleteConversation(address, row.id);
    if (conversationStore.getState().id === row.id) beginConversation(address);
    onDeleted();
  };
  const open = () => {
    void openConversation(address, row.id);
    onOpen();
  };
  if (mode === "renaming") return <RenameForm name={title} onRename={rename} onCancel={show} />;
  return (
    <li className={styles.row}>
      <button
        ref={opener}
        type="button"
        className={styles.open}
        aria-current={isOpen || undefined}
        onClick={open}
      >
        {title}
      </button>
      {mode === "deleting" ? (
        <DeleteQuestion title={title} onDelete={remove} onKeep={show} />
      ) : (
        <>
          <IconButton icon="edit" label={`Rename ${title}`} onClick={() => setMode("renaming")} />
          <IconButton icon="trash" label={`Delete ${title}`} onClick={() => setMode("deleting")} />
        </>
      )}
    </li>
  );
}

interface DeleteQuestionProps {
  title: string;
  onDelete: () => Promise<void>;
  onKeep: () => void;
}

function DeleteQuestion({ title, onDelete, onKeep }: DeleteQuestionProps) {
  const [hasFailed, setHasFailed] = useState(false);
  return (
    <>
      {hasFailed ? (
        <span className={styles.failure} role="alert">
          Not deleted.
        </span>
      ) : null}
      <Button
        kind="danger"
        aria-label={`Delete ${title} for good`}
        autoFocus
        onClick={() => void onDelete().catch(() => setHasFailed(true))}
      >
        Delete
      </Button>
      <Button onClick={onKeep}>Keep</Button>
    </>
  );
}

interface RenameFormProps {
  name: string;
  onRename: (name: string) => Promise<void>;
  onCancel: () => void;
}

/** Changes the name of a chat. Escape leaves it while nothing is changed. */
function RenameForm({ name, onRename, onCancel }: RenameFormProps) {
  const [typed, setTyped] = useState(name);
  const [hasFailed, setHasFailed] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void onRename(typed.trim()).catch(() => setHasFailed(true));
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
            if (typed === name) onCancel();
          }}
        />
        <Button size="l" type="submit">
          Rename
        </Button>
        <Button size="l" onClick={onCancel}>
          Cancel
        </Button>
      </form>
      {hasFailed ? (
        <p className={styles.failure} role="alert">
          The chat was not renamed. Try again.
        </p>
      ) : null}
    </li>
  );
}

const MAX_NAME_CHARACTERS = 120;
