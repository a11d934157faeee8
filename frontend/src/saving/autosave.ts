/**
 * Saves the flow by itself: one request at a time, the newest graph last. It never reports "Saved" before it is true.
 */
import type { Flow, Graph, SavedGraph } from "../api/types";
import type { SaveStatus } from "../graph/store";
import type { FlowDraft } from "./local-draft";

export type SaveAnswer =
  | ({ kind: "saved" } & SavedGraph)
  | { kind: "conflict"; revision: number }
  /** `retry`: the same request may succeed later. */
  | { kind: "refused"; reason: string; retry: boolean };

export interface SavePorts {
  /** Never rejects: a failure is an answer. */
  putGraph: (revision: number, getGraph: Graph) => Promise<SaveAnswer>;
  getGraph: () => Graph;
  report: (status: SaveStatus, saved?: SavedGraph) => void;
  keepDraft: (draft: FlowDraft) => boolean;
  dropDraft: () => void;
}

const SAVE_DELAY_MS = 600;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 30_000;

export class Autosave {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<boolean> | null = null;
  private retry = FIRST_RETRY_MS;
  private conflict = false;
  /** The graph whose save was sent and not answered. It is sent again before any newer one, so that its revision is known. */
  private unanswered: Graph | null = null;
  /** The graph when the page left the flow. */
  private graphAtClose: Graph | null = null;

  /** `saved` is the graph that the server has at `revision`. */
  constructor(
    private readonly ports: SavePorts,
    private revision: number,
    private saved: Graph,
  ) {}

  /** The page shows the flow, for the first time or again. */
  begin(): void {
    this.graphAtClose = null;
  }

  /** Starts to save after an edit; reports "Saved" when undo returns to the saved graph. */
  update(): void {
    if (this.conflict) {
      this.keepDraft();
    } else if (this.mustSend()) {
      this.ports.report({ kind: "saving" });
      this.schedule(SAVE_DELAY_MS);
    } else if (!this.sending) {
      clearTimeout(this.timer);
      this.ports.dropDraft();
      this.ports.report({ kind: "saved" });
    }
  }

  /** Saves now. Resolves to true when the server has the drawn graph. */
  flush(): Promise<boolean> {
    clearTimeout(this.timer);
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  /** Saves over the revision that someone else saved. */
  overwrite(revision: number): Promise<boolean> {
    this.revision = revision;
    this.conflict = false;
    return this.flush();
  }

  /**
   * Continues with the draft that this browser kept. Its edits stay based on its own revision, so that the server
   * judges whether someone else has saved since.
   */
  resume({ revision, unanswered }: FlowDraft): void {
    this.revision = revision;
    this.unanswered = unanswered;
    void this.flush();
  }

  /** Goes on from the graph that the server has, which the page shows next. Nothing is sent. */
  adopt({ revision, graph }: Pick<Flow, "revision" | "graph">): void {
    this.revision = revision;
    this.saved = graph;
    this.conflict = false;
    this.unanswered = null;
  }

  /** Keeps the unsaved graph in this browser, because the page may close. Returns false when it could not. */
  keepDraft(): boolean {
    if (this.mustSend()) return this.ports.keepDraft(this.createDraft());
    this.ports.dropDraft();
    return true;
  }

  /** The page leaves the flow: saves the rest, and reports nothing more. */
  close(): void {
    this.keepDraft();
    this.graphAtClose = this.ports.getGraph();
    clearTimeout(this.timer);
    if (!this.conflict) void this.flush();
  }

  private graph(): Graph {
    return this.graphAtClose ?? this.ports.getGraph();
  }

  private isSaved(): boolean {
    return this.graph() === this.saved;
  }

  private mustSend(): boolean {
    return !this.isSaved() || this.unanswered !== null;
  }

  private createDraft(): FlowDraft {
    return { revision: this.revision, graph: this.graph(), unanswered: this.unanswered };
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    if (!this.graphAtClose) this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async sendAll(): Promise<boolean> {
    while (this.mustSend() && !this.conflict) if (!(await this.send())) return false;
    return this.isSaved();
  }

  private async send(): Promise<boolean> {
    const sent = this.unanswered ?? this.graph();
    this.unanswered = sent;
    this.report({ kind: "saving" });
    const answer = await this.ports.putGraph(this.revision, sent);
    if (answer.kind === "saved") this.succeed(sent, answer);
    else this.fail(answer);
    return answer.kind === "saved";
  }

  private succeed(sent: Graph, { revision, analysis }: SavedGraph): void {
    this.saved = sent;
    this.revision = revision;
    this.unanswered = null;
    this.retry = FIRST_RETRY_MS;
    if (this.isSaved()) this.ports.dropDraft();
    this.report({ kind: this.isSaved() ? "saved" : "saving" }, { revision, analysis });
  }

  private fail(answer: Exclude<SaveAnswer, { kind: "saved" }>): void {
    const isLost = answer.kind === "refused" && answer.retry;
    if (!isLost) this.unanswered = null;
    this.conflict = answer.kind === "conflict";
    const isKept = this.keepDraft();
    if (answer.kind === "conflict") {
      this.report({ ...answer, isKept });
      return;
    }
    this.report({ kind: "unsaved", reason: answer.reason, isKept });
    if (answer.retry) this.schedule(this.retry);
    this.retry = Math.min(this.retry * 2, LAST_RETRY_MS);
  }

  private report(status: SaveStatus, saved?: SavedGraph): void {
    if (!this.graphAtClose) this.ports.report(status, saved);
  }
}
