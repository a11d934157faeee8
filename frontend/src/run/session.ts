/** Connects the socket to the store: one session for each open flow. */
import { ApiError } from "../api/client";
import { fetchRun } from "../api/runs";
import type { Json, RunEvent, RunInput } from "../api/types";
import { RunSocket, SocketRefusal } from "./socket";
import { isRunning, showExpiredRun, showRun, type ShownRun, addEvents, shownRunStore } from "./store";

/** A hidden page has no frames, but the run goes on and its end must be shown. */
const HIDDEN_FLUSH_MS = 500;

export class RunSession {
  private readonly socket: RunSocket;
  private queue: RunEvent[] = [];
  /** The events that came before the answer with the id of their run. */
  private earlyEvents: { run: string; events: RunEvent[] }[] = [];
  private isScheduled = false;

  constructor(flow: string) {
    const address = `${location.origin.replace(/^http/, "ws")}/ws/flows/${flow}`;
    this.socket = new RunSocket({
      connect: () => new WebSocket(address),
      lastSeq: () => this.queue.at(-1)?.seq ?? shownRunStore.getState().state.seq,
      onEvents: (run, events) => this.receive(run, events),
      onRefused: (run, refusal) => void this.handleRefusedFollow(run, refusal),
      onConnectionState: (link) => shownRunStore.setState({ connection: link }),
    });
  }

  /** @returns a function that closes the session */
  open(): () => void {
    const wake = (): void => this.socket.reconnectNow();
    this.socket.open();
    addEventListener("online", wake);
    return () => {
      removeEventListener("online", wake);
      this.socket.close();
      this.queue = [];
      showRun(null, null);
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

  private unfollowShown(): void {
    const { run } = shownRunStore.getState();
    this.queue = [];
    this.earlyEvents = [];
    if (run !== null) this.socket.unfollow(run);
  }

  private showRefusal(error: unknown, refused: ShownRun["refusedRequest"]): void {
    if (!(error instanceof SocketRefusal || error instanceof ApiError)) throw error;
    shownRunStore.setState({ pendingRequest: null, refusal: error.refusal, refusedRequest: refused });
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
