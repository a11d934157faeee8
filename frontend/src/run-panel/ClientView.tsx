import { useId, useState } from "react";
import { isRunning } from "../run/store";
import { useConversation } from "../run/useConversation";
import { useShownRun } from "../run/useShownRun";
import { Button } from "../ui/controls/Button";
import styles from "./ClientView.module.css";
import { RawTextContext } from "./AnswerText";
import { type ComposeOptions, Compose } from "./Compose";
import { LiveAnswer } from "./LiveAnswer";
import type { ShowRun } from "./RunPanel";
import { RunFeedback } from "./RunFeedback";
import { SentInput } from "./SentInput";
import { SessionChip } from "./SessionChip";
import { SpokenAnswer } from "./SpokenAnswer";
import { TurnView } from "./TurnView";
import { useFollowEnd } from "../ui/useFollowEnd";

interface ClientViewProps {
  flow: string;
  ask: ComposeOptions | null;
  onShowRun: ShowRun;
  onOpenSession: (sessionId: string) => void;
}

/** Shows what a client of the flow receives, while it receives it: of a chat, all turns of the session. */
export function ClientView({ flow, ask, onShowRun, onOpenSession }: ClientViewProps) {
  const turns = useConversation((conversation) => conversation.turns);
  const sessionId = useConversation((conversation) => conversation.sessionId);
  const run = useShownRun((shown) => shown.run);
  const isElsewhere = run !== null && !turns.some((turn) => turn.run === run);
  const { scroller, isAtEnd, scrollToEnd, onScroll } = useFollowEnd(
    useShownLength(),
    isElsewhere ? run : `${sessionId ?? ""} ${turns.length}`,
  );
  const last = turns.at(-1);
  const [isRaw, setRaw] = useState(false);
  return (
    <div className={styles.talk}>
      <RawSwitch isRaw={isRaw} onChange={setRaw} />
      <RawTextContext value={isRaw}>
        <div
          className={styles.turns}
          ref={scroller}
          onScroll={onScroll}
          tabIndex={0}
          role="region"
          aria-label="Answer"
        >
          <div className={styles.push} />
          {isElsewhere && last ? <BackToSession onClick={() => onShowRun(last.run, last.input)} /> : null}
          {isElsewhere
            ? null
            : turns.map((turn) => (
                <TurnView key={turn.run} turn={turn} isShown={turn.run === run} onShowRun={onShowRun} />
              ))}
          {isElsewhere || run === null ? <LooseTurn /> : null}
        </div>
      </RawTextContext>
      {isAtEnd ? null : (
        <Button className={styles.newest} icon="below" onClick={scrollToEnd}>
          Newest
        </Button>
      )}
      <SpokenAnswer />
      {ask ? (
        <Compose flow={flow} ask={ask} sessionChip={<SessionChip flow={flow} onOpen={onOpenSession} />} />
      ) : null}
    </div>
  );
}

/** Grows with what is shown. The last line counts as one more character, so that the view follows it too. */
function useShownLength(): number {
  return useShownRun(({ state, input }) => {
    const end = isRunning(state) ? 0 : 1;
    return state.text.length + end + (input === null ? 0 : 1);
  });
}

/** Shows the answers as the characters that the client receives, instead of as Markdown. */
function RawSwitch({ isRaw, onChange }: { isRaw: boolean; onChange: (isRaw: boolean) => void }) {
  return (
    <Button kind="quiet" className={styles.raw} aria-pressed={isRaw} onClick={() => onChange(!isRaw)}>
      Raw text
    </Button>
  );
}

/** A run that is no turn of the session: one by somebody else, one that is being started, or one that was refused. */
function LooseTurn() {
  const input = useShownRun((shown) => shown.input);
  return (
    <>
      <SentInput input={input} />
      <LiveAnswer />
      <RunFeedback />
    </>
  );
}

function BackToSession({ onClick }: { onClick: () => void }) {
  const id = useId();
  return (
    <p className={styles.elsewhere}>
      <span id={id}>This run is not a turn of your session.</span>
      <Button kind="quiet" aria-describedby={id} onClick={onClick}>
        Back to your session
      </Button>
    </p>
  );
}
