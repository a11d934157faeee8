/**
 * The socket of one flow: it starts, follows and stops runs, and connects again by itself. It keeps no state of a
 * run.
 */
import type { ClientFrame, Refusal, RunEvent, RunInput, ServerFrame } from "../api/types";

/** After `lost` and `restarting` the socket tries again by itself; after `signed_out` when it is told to. */
export type ConnectionState = "connecting" | "open" | "lost" | "restarting" | "signed_out" | "gone";

export interface SocketPorts {
  connect: () => WebSocket;
  /** The last known `seq` of a followed run, where the events continue after a lost connection. */
  lastSeq: (run: string) => number;
  onEvents: (run: string, events: RunEvent[]) => void;
  /** The server does not send the events of this run; the socket does not ask again. */
  onRefused: (run: string, refusal: SocketRefusal["refusal"]) => void;
  onConnectionState: (link: ConnectionState) => void;
}

/** A request that the server refused or did not answer. */
export class SocketRefusal extends Error {
  constructor(readonly refusal: Omit<Refusal, "request_id">) {
    super(refusal.message);
  }
}

const FINAL_CLOSE_CODES: Partial<Record<number, ConnectionState>> = { 4401: "signed_out", 4404: "gone" };
const RESTARTING_CLOSE_CODE = 4503;
const TOO_MANY_CLOSE_CODE = 4429;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;
const BUSY_RETRY_MS = 15_000;
const PING_INTERVAL_MS = 20_000;
const ANSWER_TIMEOUT_MS = 10_000;

interface PendingRequest {
  resolve: (frame: ServerFrame) => void;
  reject: (error: SocketRefusal) => void;
  timer: ReturnType<typeof setTimeout>;
}

/** A request without its `ref`, for each type of frame. */
type Request = ClientFrame extends infer Frame
  ? Frame extends ClientFrame
    ? Omit<Frame, "ref">
    : never
  : never;

export class RunSocket {
  private socket: WebSocket | null = null;
  private isClosed = false;
  private retry = FIRST_RETRY_MS;
  private nextRef = 1;
  /** Resolves when the newest connection is open or has failed. */
  private settled: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pinger: ReturnType<typeof setInterval> | undefined;
  private readonly pending = new Map<string, PendingRequest>();
  private readonly followed = new Set<string>();

  constructor(private readonly ports: SocketPorts) {}

  open(): void {
    this.isClosed = false;
    this.connect();
  }

  /** Starts a run and follows it. @returns the id of the run */
  async start(input: RunInput, revision: number): Promise<string> {
    // The person may press Run before the connection is open.
    if (this.socket?.readyState === WebSocket.CONNECTING) await this.settled;
    const frame = await this.request({ type: "run.start", input, revision });
    if (frame.type !== "run.accepted") throw new SocketRefusal(UNEXPECTED_ANSWER);
    this.followed.add(frame.run);
    return frame.run;
  }

  /** Follows a run: receives the events that this page does not have, and all later ones. */
  follow(run: string): void {
    this.followed.add(run);
    if (this.isOpen()) this.requestFollow(run);
  }

  unfollow(run: string): void {
    if (this.followed.delete(run) && this.isOpen())
      void this.request({ type: "run.unfollow", run }).catch(ignore);
  }

  async cancel(run: string): Promise<void> {
    await this.request({ type: "run.cancel", run });
  }

  /** Connects again now, because the server can be used again. */
  reconnectNow(): void {
    if (!this.socket && !this.isClosed) this.connect();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    clearInterval(this.pinger);
    const { socket } = this;
    this.socket = null;
    socket?.close();
  }

  private connect(): void {
    clearTimeout(this.timer);
    const socket = this.ports.connect();
    this.socket = socket;
    let settle = ignore;
    this.settled = new Promise((resolve) => (settle = resolve));
    socket.onopen = () => {
      this.handleOpen();
      settle();
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => this.receive(JSON.parse(data) as ServerFrame);
    socket.onclose = ({ code }) => {
      settle();
      if (this.socket === socket) this.handleClose(code);
    };
  }

  private isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  private handleOpen(): void {
    this.retry = FIRST_RETRY_MS;
    this.ports.onConnectionState("open");
    this.pinger = setInterval(() => this.ping(), PING_INTERVAL_MS);
    for (const run of this.followed) this.requestFollow(run);
  }

  private requestFollow(run: string): void {
    this.request({ type: "run.follow", run, after: this.ports.lastSeq(run) }).catch((error: unknown) => {
      // The socket does not ask again for a run that the server does not know; after a lost connection it does.
      if (!(error instanceof SocketRefusal) || error.refusal === CONNECTION_LOST) return;
      if (this.followed.delete(run)) this.ports.onRefused(run, error.refusal);
    });
  }

  /** Finds a dead connection: the server does not answer the ping. */
  private ping(): void {
    this.request({ type: "ping" }).catch(() => this.socket?.close());
  }

  private handleClose(code: number): void {
    clearInterval(this.pinger);
    this.socket = null;
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(new SocketRefusal(CONNECTION_LOST));
    }
    this.pending.clear();
    if (this.isClosed) return;
    const end = FINAL_CLOSE_CODES[code];
    this.ports.onConnectionState(end ?? (code === RESTARTING_CLOSE_CODE ? "restarting" : "lost"));
    if (!end) this.reconnectLater(code);
  }

  private reconnectLater(code: number): void {
    const wait = code === TOO_MANY_CLOSE_CODE ? BUSY_RETRY_MS : this.retry * (0.75 + Math.random() / 2);
    this.retry = Math.min(this.retry * 2, LAST_RETRY_MS);
    this.timer = setTimeout(() => this.connect(), wait);
  }

  private receive(frame: ServerFrame): void {
    if (frame.type === "events") {
      this.ports.onEvents(frame.run, frame.events);
      return;
    }
    const request = frame.ref === null ? undefined : this.pending.get(frame.ref);
    if (!request || frame.ref === null) return;
    this.pending.delete(frame.ref);
    clearTimeout(request.timer);
    if (frame.type === "error") request.reject(new SocketRefusal(frame.error));
    else request.resolve(frame);
  }

  private request(request: Request): Promise<ServerFrame> {
    const { socket } = this;
    if (!socket || !this.isOpen()) return Promise.reject(new SocketRefusal(CONNECTION_LOST));
    const ref = String(this.nextRef++);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(ref);
        reject(new SocketRefusal(NO_ANSWER));
      }, ANSWER_TIMEOUT_MS);
      this.pending.set(ref, { resolve, reject, timer });
      socket.send(JSON.stringify({ ...request, ref }));
    });
  }
}

const CONNECTION_LOST: Omit<Refusal, "request_id"> = {
  code: "connection_lost",
  message: "The server cannot be reached.",
  hint: "The page tries again by itself. A run that has begun goes on.",
};

const NO_ANSWER: Omit<Refusal, "request_id"> = {
  code: "no_answer",
  message: "The server did not answer in time.",
  hint: "See the tab Runs for what has run, then try again.",
};

const UNEXPECTED_ANSWER: Omit<Refusal, "request_id"> = {
  code: "unexpected_answer",
  message: "The server's answer was not understood.",
  hint: "Load the page again: it may be older than the server.",
};

function ignore(): void {
  // No one waits for the result.
}
