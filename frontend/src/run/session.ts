/** Between the socket and the store: one session for each open flow. */
import { ApiError } from "../api/client";
import { fetchRun } from "../api/runs";
import type { Json, RunEvent, RunInput } from "../api/types";
import { RunSocket, SocketRefusal } from "./socket";
import { isGoing, showKept, showRun, type ShownRun, takeEvents, shownRunStore } from "./store";

/** In a hidden page there are no frames, but a run goes on and its end must be seen. */
const HIDDEN_MS = 500;

export class RunSession {
  private readonly socket: RunSocket;
  private queue: RunEvent[] = [];
  /** What came before the answer that names the run. */
  private early: { run: string; events: RunEvent[] }[] = [];
  private scheduled = false;

  constructor(flow: string) {
    const address = `${location.origin.replace(/^http/, "ws")}/ws/flows/${flow}`;
    this.socket = new RunSocket({
      connect: () => new WebSocket(address),
      lastSeq: () => this.queue.at(-1)?.seq ?? shownRunStore.getState().state.seq,
      onEvents: (run, events) => this.receive(run, events),
      onRefused: (run, refusal) => void this.notFollowed(run, refusal),
      onLink: (link) => shownRunStore.setState({ link }),
    });
  }

  /** @returns what closes the session */
  open(): () => void {
    const wake = (): void => this.socket.wake();
    this.socket.open();
    addEventListener("online", wake);
    return () => {
      removeEventListener("online", wake);
      this.socket.close();
      this.queue = [];
      showRun(null, null);
    };
  }

  /** Show a run, from its first event to its last. */
  show(run: string, input: Json | RunInput): void {
    this.leaveShown();
    showRun(run, input);
    this.socket.follow(run);
  }

  /** Start a run and show it. @returns false when it was refused; the store says why. */
  async start(input: RunInput, revision: number): Promise<boolean> {
    this.leaveShown();
    showRun(null, input);
    shownRunStore.setState({ asked: "start" });
    try {
      const run = await this.socket.start(input, revision);
      shownRunStore.setState({ run, asked: null });
      for (const { events } of this.early.filter((each) => each.run === run)) this.receive(run, events);
      return true;
    } catch (error) {
      this.refused(error, "start");
      return false;
    }
  }

  async stop(): Promise<void> {
    const { run, state } = shownRunStore.getState();
    if (run === null || !isGoing(state)) return;
    shownRunStore.setState({ asked: "stop" });
    try {
      await this.socket.cancel(run);
    } catch (error) {
      this.refused(error, "stop");
    }
  }

  private leaveShown(): void {
    const { run } = shownRunStore.getState();
    this.queue = [];
    this.early = [];
    if (run !== null) this.socket.unfollow(run);
  }

  private refused(error: unknown, refused: ShownRun["refused"]): void {
    if (!(error instanceof SocketRefusal || error instanceof ApiError)) throw error;
    shownRunStore.setState({ asked: null, refusal: error.refusal, refused });
  }

  /** A log that has expired has left what the run gave, and that is shown. */
  private async notFollowed(run: string, refusal: SocketRefusal["refusal"]): Promise<void> {
    const shown = (): boolean => shownRunStore.getState().run === run;
    try {
      if (refusal.code !== "log_expired") throw new SocketRefusal(refusal);
      const kept = await fetchRun(run);
      if (shown()) showKept(kept);
    } catch (error) {
      if (shown()) this.refused(error, "show");
    }
  }

  private receive(run: string, events: RunEvent[]): void {
    const shown = shownRunStore.getState();
    if (run === shown.run) {
      this.queue.push(...events);
      this.schedule();
    } else if (shown.asked === "start") {
      this.early.push({ run, events });
    }
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    if (document.hidden) setTimeout(() => this.flush(), HIDDEN_MS);
    else requestAnimationFrame(() => this.flush());
  }

  private flush(): void {
    this.scheduled = false;
    const events = this.queue;
    this.queue = [];
    takeEvents(events);
  }
}
