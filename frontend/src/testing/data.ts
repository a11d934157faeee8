import type {
  Collection,
  CollectionDocument,
  Connection,
  ConnectionField,
  ConnectionKind,
  FlowRow,
  Run,
} from "../api/types";
import { emptyRunState } from "../run/fold";

export function createFlowRow(change: Partial<FlowRow> = {}): FlowRow {
  return {
    id: "f1",
    name: "Night desk",
    description: "Out-of-hours chat",
    address: "night-desk",
    aliases: [],
    revision: 3,
    published: { test: null, production: null },
    node_count: 5,
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-02T08:00:00Z",
    last_run: null,
    runs_24h: 0,
    hours: Array.from({ length: 24 }, () => ({ runs: 0, failed: 0 })),
    first_item_ms: null,
    used_by: [],
    ...change,
  };
}

function createField(change: Partial<ConnectionField>): ConnectionField {
  return {
    name: "",
    title: "",
    description: "",
    type: "text",
    required: false,
    default: null,
    choices: null,
    minimum: null,
    maximum: null,
    unit: null,
    ...change,
  };
}

export const anthropicKind: ConnectionKind = {
  kind: "anthropic",
  title: "Anthropic",
  description: "Models of Anthropic.",
  settings: [
    createField({ name: "base_url", title: "Base URL", default: "https://api.anthropic.com" }),
    createField({
      name: "time_limit_s",
      title: "Time limit",
      type: "integer",
      default: 600,
      minimum: 1,
      maximum: 3600,
      unit: "seconds",
    }),
  ],
  secrets: [createField({ name: "api_key", title: "API key", required: true })],
};

export function createConnection(change: Partial<Connection> = {}): Connection {
  return {
    id: "c1",
    name: "Anthropic production",
    kind: "anthropic",
    settings: { base_url: "https://api.anthropic.com", time_limit_s: 600 },
    secrets: { api_key: { set: true, last4: "7Qx2" } },
    stand_ins: {},
    simulator: false,
    usable: true,
    problem: null,
    used_by: [],
    last_test: null,
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-02T08:00:00Z",
    ...change,
  };
}

export function createCollection(change: Partial<Collection> = {}): Collection {
  return {
    id: "k1",
    name: "Manuals",
    description: "What the installers read",
    embedder: {
      kind: "built_in",
      model: "lexical",
      dimension: 256,
      connection: null,
      title: "Built-in (lexical)",
    },
    documents: 1,
    chunks: 12,
    used_by: [],
    created_at: "2026-11-01T08:00:00Z",
    updated_at: "2026-11-02T08:00:00Z",
    ...change,
  };
}

export function createDocument(change: Partial<CollectionDocument> = {}): CollectionDocument {
  return {
    id: "d1",
    name: "hp-9.md",
    size: 4_200,
    media_type: "text/markdown",
    status: "ready",
    error: null,
    warnings: [],
    done: 12,
    total: 12,
    chunks: 12,
    context: null,
    created_at: "2026-11-02T08:00:00Z",
    ...change,
  };
}

/** A run whose log was deleted after thirty days. */
export function createExpiredRun(state: Partial<Run["state"]> = {}): Run {
  return {
    id: "r",
    flow: "f1",
    status: "completed",
    started_at: "2026-10-01T08:00:00Z",
    finished_at: "2026-10-01T08:00:02Z",
    duration_ms: 2_000,
    first_item_ms: 400,
    items: 1,
    error: null,
    log_expired_at: "2026-10-31T08:10:00Z",
    input: { prompt: "Hi" },
    revision: 3,
    environment: "development",
    state: {
      ...emptyRunState,
      status: "completed",
      seq: 9,
      started_at: "2026-10-01T08:00:00Z",
      duration_ms: 2_000,
      first_item_ms: 400,
      items: 1,
      text: "Old news.",
      ...state,
    },
    yielded: ["Old news."],
    yielded_left_out: 0,
  };
}
