/**
 * Folds the events of a run to its state, with the same result as on the server. Pure: no store, no clock, no socket.
 */
import type { NodeError, NodeRunState, NodeRunStatus, RunEvent, RunState, Usage } from "../api/types";

/** Of a text that a state holds. One that is cut ends in `…`; its events have all of it. */
const MAX_TEXT_CHARACTERS = 2_000_000;

export const emptyRunState: RunState = {
  status: "waiting",
  seq: 0,
  simulator: false,
  started_at: null,
  duration_ms: null,
  first_item_ms: null,
  items: 0,
  text: "",
  result: null,
  finish_reason: null,
  finish_kind: null,
  error: null,
  usage: null,
  nodes: {},
  logs: [],
  warnings: [],
};

/**
 * The state after these events. Parts that no event changes stay the same objects; changed parts are copied once, so
 * the cost depends on the events and not on the length of the run.
 */
export function fold(state: RunState, events: readonly RunEvent[]): RunState {
  const draft = new RunStateDraft(state);
  for (const event of events) draft.apply(event);
  return draft.state;
}

type EventHandler<T extends RunEvent["type"]> = (
  draft: RunStateDraft,
  event: Extract<RunEvent, { type: T }>,
) => void;

const eventHandlers: { [T in RunEvent["type"]]: EventHandler<T> } = {
  "run.started": (draft, { at, simulator }) => draft.begin(at, simulator),
  "run.restarted": (draft, { at, simulator }) => draft.begin(at, simulator),
  "node.started": (draft, { node, ms }) => void draft.addNode(node, "running", ms),
  "node.message": (draft, { node, text, ms }) => draft.addMessage(node, text, ms),
  "node.finished": (draft, { node, ms, duration_ms, count, outputs }) => {
    Object.assign(draft.copyNode(node, ms), { state: "done", duration_ms, count, outputs });
  },
  "node.skipped": (draft, { node, ms }) => {
    draft.addNode(node, "skipped", ms).duration_ms = 0;
  },
  "node.failed": (draft, { node, ms, duration_ms, ...error }) => {
    Object.assign(draft.copyNode(node, ms), { state: "failed", duration_ms, error: toError(error) });
  },
  item: (draft, { node, source, text, ms }) => {
    draft.addItem(text ?? "", ms);
    if (source !== null) draft.addMessage(source, text ?? "", ms);
    draft.copyNode(node, ms).count += 1;
  },
  log: ({ state }, { ms, node, level, message }) => {
    state.logs = [...state.logs, { ms, node, level, message }];
  },
  warning: ({ state }, { ms, node, code, message, hint, property }) => {
    state.warnings = [...state.warnings, { ms, node, code, message, hint, property }];
  },
  // Its counts are told again by the usage event that ends the answer.
  "answer.started": () => undefined,
  // The state holds no value whole: the tab *Last run* asks for those of one node.
  "node.received": () => undefined,
  "node.gave": () => undefined,
  usage: ({ state }, usage) => {
    state.usage = addUsage(state.usage, usage);
  },
  "run.completed": (draft, { ms, result, finish_reason, finish_kind = null, usage }) => {
    draft.end("completed", "done", ms, usage);
    Object.assign(draft.state, { result, finish_reason, finish_kind });
  },
  "run.failed": (draft, { ms, node, usage, ...error }) => {
    draft.end("failed", "cancelled", ms, usage);
    draft.state.error = { ...toError(error), node };
  },
  "run.cancelled": (draft, { ms, reason, usage }) => {
    draft.end("cancelled", "cancelled", ms, usage);
    const error = toError({ code: "cancelled", message: reason, hint: null, retryable: false });
    draft.state.error = { ...error, node: null };
  },
  "run.interrupted": (draft, { ms, reason, usage }) => {
    draft.end("interrupted", "interrupted", ms, usage);
    const error = toError({
      code: "interrupted",
      message: reason,
      hint: null,
      fault: "server",
      retryable: true,
    });
    draft.state.error = { ...error, node: null };
  },
};

function isKnown(type: string): type is RunEvent["type"] {
  return Object.hasOwn(eventHandlers, type);
}

class RunStateDraft {
  readonly state: RunState;
  /** The nodes that this batch has already copied. */
  private readonly own = new Set<string>();

  constructor(before: RunState) {
    this.state = { ...before };
  }

  apply(event: RunEvent): void {
    if (event.seq <= this.state.seq) return;
    this.state.seq = event.seq;
    // An event of an unknown type only changes `seq`.
    if (isKnown(event.type))
      (eventHandlers[event.type] as (draft: RunStateDraft, event: RunEvent) => void)(this, event);
  }

  /** Starts the run, or starts it again: only the time of the first start stays. */
  begin(at: string, simulator: boolean): void {
    const { seq, started_at } = this.state;
    this.own.clear();
    Object.assign(this.state, emptyRunState, {
      status: "running",
      seq,
      started_at: started_at ?? at,
      simulator,
    });
  }

  addNode(id: string, state: NodeRunStatus, started_ms: number): NodeRunState {
    const none = { duration_ms: null, count: 0, messages: 0, first_message_ms: null, text: "", outputs: {} };
    return this.setNode(id, { state, started_ms, ...none, error: null });
  }

  /** The copy of a node in this batch. A node without a start event starts here. */
  copyNode(id: string, ms: number): NodeRunState {
    const node = this.state.nodes[id];
    if (!node) return this.addNode(id, "running", ms);
    return this.own.has(id) ? node : this.setNode(id, { ...node });
  }

  addMessage(id: string, text: string, ms: number): void {
    const node = this.copyNode(id, ms);
    node.messages += 1;
    node.text = appendText(node.text, text);
    node.first_message_ms ??= ms;
  }

  addItem(text: string, ms: number): void {
    this.state.items += 1;
    this.state.text = appendText(this.state.text, text);
    this.state.first_item_ms ??= ms;
  }

  end(status: RunState["status"], left: NodeRunStatus, ms: number, usage: Usage | null): void {
    Object.assign(this.state, { status, duration_ms: ms, usage });
    for (const [id, { state, started_ms }] of Object.entries(this.state.nodes)) {
      if (state === "running")
        Object.assign(this.copyNode(id, ms), { state: left, duration_ms: ms - started_ms });
    }
  }

  private setNode(id: string, node: NodeRunState): NodeRunState {
    if (this.own.size === 0) this.state.nodes = { ...this.state.nodes };
    this.own.add(id);
    this.state.nodes[id] = node;
    return node;
  }
}

type ToldError = Pick<NodeError, "code" | "message" | "hint"> & Partial<NodeError>;

/** The error without the other fields of its event. What an older run does not say of it is null. */
function toError({
  code,
  message,
  hint,
  fault = null,
  retryable = null,
  retry_after_s = null,
}: ToldError): NodeError {
  return { code, message, hint, fault, retryable, retry_after_s };
}

const usageCounts = [
  "input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
  "ephemeral_5m_input_tokens",
  "ephemeral_1h_input_tokens",
  "web_search_requests",
] as const satisfies readonly (keyof Usage)[];

/** The sum of two usages; a count is null only when neither tells it. */
function addUsage(before: Usage | null, more: Usage): Usage {
  const counts = usageCounts.map((name) => {
    const [left, right] = [before?.[name] ?? null, more[name] ?? null];
    return [name, right === null ? left : right + (left ?? 0)] as const;
  });
  return Object.fromEntries(counts) as unknown as Usage;
}

function appendText(text: string, more: string): string {
  const joined = text + more;
  return joined.length > MAX_TEXT_CHARACTERS ? `${joined.slice(0, MAX_TEXT_CHARACTERS)}…` : joined;
}
