/** Connects the socket to the store: one session for each open flow. */
import { ApiError } from "../api/client";
import { fetchRun } from "../api/runs";
import { getServerAddress } from "../api/server-address";
import {
  checkServer,
  onServerReady,
  reportRestarting,
  reportSignedOut,
  serverStateStore,
  setSigningIn,
} from "../api/server-state";
import type { Json, RunEvent, RunInput } from "../api/types";
import { addTurn, keepRecord, resetConversation } from "./conversation";
import { type ConnectionState, RunSocket, SocketRefusal } from "./socket";
import {
  getShownRecord,
  isRunning,
  showExpiredRun,
  showRun,
  type ShownRun,
  addEvents,
  shownRunStore,
} from "./store";

/** A hidden page has no frames, but the run goes on and its end must be shown. */
const HIDDEN_FLUSH_MS = 500;

export class RunSession {
  private readonly socket: RunSocket;
  private queue: RunEvent[] = [];
  /** The events that came before the answer with the id of their run. */
  private earlyEvents: { run: string; events: RunEvent[] }[] = [];
  private isScheduled = false;

  constructor(flow: string) {
    const address = `${getServerAddress().replace(/^http/, "ws")}/ws/flows/${flow}`;
    this.socket = new RunSocket({
      connect: () => new WebSocket(address),
      lastSeq: () => this.queue.at(-1)?.seq ?? shownRunStore.getState().state.seq,
      onEvents: (run, events) => this.receive(run, events),
      onRefused: (run, refusal) => void this.handleRefusedFollow(run, refusal),
      onConnectionState: (connection) => this.handleConnection(connection),
    });
  }

  /** @returns a function that closes the session */
  open(): () => void {
    this.socket.open();
    const endWaking = onServerReady(() => this.socket.reconnectNow());
    return () => {
      endWaking();
      this.socket.close();
      this.queue = [];
      showRun(null, null);
      resetConversation();
    };
  }

  /** Shows a run from its first event to its last. */
  show(run: string, input: Json | RunInput): void {
    this.unfollowShown();
    showRun(run, input);
    this.socket.follow(run);
  }

  /** Starts a run and shows it. @returns false when it was refused; the store says why */
  async start(input: RunInput, revision: number): Promise<boolean> {
    this.unfollowShown();
    showRun(null, input);
    shownRunStore.setState({ pendingRequest: "start" });
    try {
      const run = await this.socket.start(input, revision);
      addTurn(run, input);
      shownRunStore.setState({ run, pendingRequest: null });
      for (const { events } of this.earlyEvents.filter((each) => each.run === run)) this.receive(run, events);
      return true;
    } catch (error) {
      this.showRefusal(error, "start");
      return false;
    }
  }

  async stop(): Promise<void> {
    const { run, state } = shownRunStore.getState();
    if (run === null || !isRunning(state)) return;
    shownRunStore.setState({ pendingRequest: "stop" });
    try {
      await this.socket.cancel(run);
    } catch (error) {
      this.showRefusal(error, "stop");
    }
  }

  /** Shows no run, until the next one is started or chosen. */
  showNone(): void {
    this.unfollowShown();
    showRun(null, null);
  }

  /** The socket is often the first to know that the server is away, or that the session has ended. */
  private handleConnection(connection: ConnectionState): void {
    shownRunStore.setState({ connection });
    if (connection === "restarting") reportRestarting();
    else if (connection === "signed_out") reportSignedOut();
    else if (connection === "lost") void checkServer();
  }

  private unfollowShown(): void {
    const { run, state } = shownRunStore.getState();
    this.queue = [];
    this.earlyEvents = [];
    if (run === null) return;
    this.socket.unfollow(run);
    if (state.duration_ms !== null) keepRecord(run, getShownRecord());
  }

  private showRefusal(error: unknown, refused: ShownRun["refusedRequest"]): void {
    if (!(error instanceof SocketRefusal || error instanceof ApiError)) throw error;
    const { isSignedOut } = serverStateStore.getState();
    if (isSignedOut && refused !== "show") setSigningIn(true);
    const refusal = isSignedOut ? SIGNED_OUT : error.refusal;
    shownRunStore.setState({ pendingRequest: null, refusal, refusedRequest: refused });
  }

  /** Shows what remains of a run whose log has expired; otherwise shows the refusal. */
  private async handleRefusedFollow(run: string, refusal: SocketRefusal["refusal"]): Promise<void> {
    const shown = (): boolean => shownRunStore.getState().run === run;
    try {
      if (refusal.code !== "log_expired") throw new SocketRefusal(refusal);
      const expiredRun = await fetchRun(run);
      if (shown()) showExpiredRun(expiredRun);
    } catch (error) {
      if (shown()) this.showRefusal(error, "show");
    }
  }

  private receive(run: string, events: RunEvent[]): void {
    const shown = shownRunStore.getState();
    if (run === shown.run) {
      this.queue.push(...events);
      this.schedule();
    } else if (shown.pendingRequest === "start") {
      this.earlyEvents.push({ run, events });
    }
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    if (document.hidden) setTimeout(() => this.showQueued(), HIDDEN_FLUSH_MS);
    else requestAnimationFrame(() => this.showQueued());
  }

  private showQueued(): void {
    this.isScheduled = false;
    const events = this.queue;
    this.queue = [];
    addEvents(events);
  }
}

const SIGNED_OUT: ShownRun["refusal"] = {
  code: "not_signed_in",
  message: "You are signed out.",
  hint: "Sign in at the top of the page, then try again.",
};
