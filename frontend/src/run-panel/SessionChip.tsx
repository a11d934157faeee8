import { useState } from "react";
import { useSessions } from "../api/sessions";
import type { Session } from "../api/types";
import { createSessionId } from "../run/conversation";
import { useConversation } from "../run/useConversation";
import { Button } from "../ui/controls/Button";
import { formatAgo, formatCount } from "../ui/format";
import { Icon } from "../ui/icons/Icon";
import { Menu, MenuChoices, MenuItem, MenuSeparator } from "../ui/overlays/Menu";
import text from "../ui/text.module.css";
import styles from "./SessionChip.module.css";
import { SessionNameDialog } from "./SessionNameDialog";

interface SessionChipProps {
  flow: string;
  onOpen: (sessionId: string) => void;
}

/** Names the session of the next question. Its menu begins a new one, names this one, or goes back to an earlier one. */
export function SessionChip({ flow, onOpen }: SessionChipProps) {
  const shown = useConversation((conversation) => conversation.sessionId);
  const { data: sessions, isError } = useSessions(flow, true);
  const [isNaming, setIsNaming] = useState(false);
  const session = sessions?.find(({ session_id }) => session_id === shown);
  const label = session?.name || (shown === null ? "new session" : `session ${shown}`);
  return (
    <>
      <Menu
        side="top"
        trigger={
          <Button kind="quiet" className={styles.chip} title={label}>
            <span className={`${session?.name ? "" : (text.code ?? "")} ${text.clip ?? ""}`}>{label}</span>
            <Icon name="down" size={12} />
          </Button>
        }
      >
        <MenuItem
          icon="add"
          hint="The flow remembers nothing of this one"
          onSelect={() => onOpen(createSessionId())}
        >
          New session
        </MenuItem>
        {session ? (
          <MenuItem icon="edit" onSelect={() => setIsNaming(true)}>
            {session.name ? "Rename session" : "Name session"}
          </MenuItem>
        ) : null}
        {isError ? <div className={styles.none}>The earlier sessions cannot be loaded.</div> : null}
        {sessions?.length ? <EarlierSessions sessions={sessions} shown={shown} onOpen={onOpen} /> : null}
      </Menu>
      {isNaming && session ? (
        <SessionNameDialog flow={flow} session={session} onClose={() => setIsNaming(false)} />
      ) : null}
    </>
  );
}

interface EarlierSessionsProps {
  sessions: readonly Session[];
  shown: string | null;
  onOpen: (sessionId: string) => void;
}

/** The sessions of this person with the flow. */
function EarlierSessions({ sessions, shown, onOpen }: EarlierSessionsProps) {
  return (
    <>
      <MenuSeparator />
      <MenuChoices
        label="Your sessions"
        value={shown ?? ""}
        choices={sessions.map(({ session_id, name, question, runs, last_run }) => ({
          value: session_id,
          title: name || question || session_id,
          hint: `${formatCount(runs, "turn")}, ${formatAgo(last_run.started_at)}, session ${session_id}`,
        }))}
        onChange={onOpen}
      />
    </>
  );
}
