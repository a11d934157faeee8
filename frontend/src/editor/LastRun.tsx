import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { queryKeys } from "../api/query-keys";
import { useRuns } from "../api/runs";
import { type SessionRun, useSessionRuns, useSessions } from "../api/sessions";
import type { RunRow, Session } from "../api/types";
import { takesSessionId } from "../graph/test-input";
import { useActions } from "../graph/useActions";
import { useGraph } from "../graph/useGraph";
import { conversationStore, mergeTurns, openConversation, type Turn } from "../run/conversation";
import { toRunRecord } from "../run/record";
import type { RunSession } from "../run/session";
import { shownRunStore } from "../run/store";
import { useConversation } from "../run/useConversation";
import { useShownRun } from "../run/useShownRun";
import { readLastSession, writeLastSession } from "./last-session";

interface LastRunProps {
  flow: string;
  session: RunSession;
}

/**
 * Shows, when the page is loaded, the conversation that this tab showed last, or the last run of the flow by anyone,
 * from its first event: a page that is loaded during a run shows all of it. Draws nothing.
 */
export function LastRun({ flow, session }: LastRunProps) {
  useRestore(flow, session);
  useStoredTurns(flow, session);
  const client = useQueryClient();
  const status = useShownRun((shown) => shown.state.status);
  useEffect(() => {
    void client.invalidateQueries({ queryKey: queryKeys.runs(flow) });
  }, [status, flow, client]);
  return null;
}

function useRestore(flow: string, session: RunSession): void {
  const actions = useActions();
  const isChat = useGraph(({ graph }) => takesSessionId(actions, graph.nodes));
  const runs = useRuns(flow).data;
  const { data, isError } = useSessions(flow, isChat);
  const sessions = isChat && !isError ? data : NO_SESSIONS;
  const isRestored = useRef(false);
  useEffect(() => {
    if (!runs || !sessions || isRestored.current) return;
    isRestored.current = true;
    if (!isNothingShown() || conversationStore.getState().sessionId !== null) return;
    const last = chooseSession(sessions, runs, readLastSession(flow));
    if (last !== null) openConversation(last);
    else if (runs[0]) session.show(runs[0].id, runs[0].input);
  }, [runs, sessions, flow, session]);
}

const NO_SESSIONS: Session[] = [];

/** The session that the tab showed last, else that of the last run of the flow, if it is one of this person's. */
function chooseSession(sessions: Session[], runs: RunRow[], shown: string | null): string | null {
  const known = sessions.find(({ session_id }) => session_id === shown);
  return (known ?? sessions.find(({ last_run }) => last_run.id === runs[0]?.id))?.session_id ?? null;
}

/** Keeps the turns of the shown conversation as the server has them, and shows the last run of one that is opened. */
function useStoredTurns(flow: string, session: RunSession): void {
  const sessionId = useConversation((conversation) => conversation.sessionId);
  const { data } = useSessionRuns(flow, sessionId);
  useEffect(() => {
    if (sessionId !== null) writeLastSession(flow, sessionId);
  }, [flow, sessionId]);
  useEffect(() => {
    if (!data || sessionId === null) return;
    mergeTurns(sessionId, data.map(toTurn));
    const last = data.at(-1);
    if (last && isNothingShown()) session.show(last.id, last.input);
  }, [data, sessionId, session]);
}

function toTurn({ id, input, record }: SessionRun): Turn {
  return { run: id, input, record: record && toRunRecord(record) };
}

function isNothingShown(): boolean {
  const { run, pendingRequest, refusal } = shownRunStore.getState();
  return run === null && pendingRequest === null && refusal === null;
}
