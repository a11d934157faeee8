/** The shapes that the server and the browser exchange. Types only: nothing here runs. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

// ---- Refusals ----

export interface Refusal {
  code: string;
  message: string;
  field?: string;
  hint?: string;
  request_id: string;
  /** With `version_conflict`: the revision that is stored. */
  revision?: number;
  /** With `connection_in_use`: the flows that use it. */
  flows?: Named[];
  /** With `flow_has_problems`: what keeps the flow from running. */
  problems?: Problem[];
}

export interface RefusalBody {
  error: Refusal;
}

export interface Named {
  id: string;
  name: string;
}

// ---- People ----

export type Role = "viewer" | "editor" | "admin";

export interface Workspace extends Named {
  role: Role;
}

export interface Me {
  user: Named;
  workspace: Workspace;
  workspaces: Workspace[];
  demo: boolean;
}

// ---- Catalogue ----

export interface Catalogue {
  families: Family[];
  actions: ActionDescription[];
}

export interface Family {
  id: string;
  title: string;
}

export type ActionRole = "trigger" | "action" | "end" | "helper";

export interface ActionDescription {
  type: string;
  title: string;
  family: string;
  role: ActionRole;
  summary: string;
  icon_url: string;
  docs_url: string;
  /** Width of the card in px. */
  width: number;
  /** The card shows a well with the streamed text. */
  streams: boolean;
  /** The action has an execution input. */
  input: boolean;
  branches: Branch[];
  attachments: AttachmentSlot[];
  outputs: OutputDescription[];
  properties: PropertyDescription[];
}

export interface Branch {
  name: string;
  title: string;
  repeats: boolean;
  provides: ProvidedVariable | null;
}

export interface ProvidedVariable {
  property: string;
  type: string;
  fields: FieldDescription[];
}

export interface AttachmentSlot {
  name: string;
  title: string;
  accepts: string[];
}

export interface OutputDescription {
  /** The property that holds the variable's name; null when the name is fixed. */
  property: string | null;
  default: string;
  type: string;
  title: string;
  fields: FieldDescription[];
  /** The branch in which the variable exists; null when it exists after the node. */
  branch: string | null;
}

export interface FieldDescription {
  name: string;
  type: string;
  description: string;
}

export type PropertyType =
  "text" | "number" | "integer" | "boolean" | "json" | "list" | "any" | "connection" | "variable_name";

export type BindingMode = "literal" | "variable" | "template";

export type Widget =
  | "line"
  | "text"
  | "template"
  | "model"
  | "connection"
  | "number"
  | "switch"
  | "select"
  | "json"
  | "list"
  | "condition"
  | "variable_name";

export interface PropertyDescription {
  name: string;
  title: string;
  description: string;
  type: PropertyType;
  required: boolean;
  default: Json;
  modes: BindingMode[];
  widget: Widget;
  section: string;
  /** The property is a row on the card. */
  port: boolean;
  choices: Choice[] | null;
  minimum: number | null;
  maximum: number | null;
  unit: string | null;
  placeholder: string | null;
  connection_kind: string | null;
  /** What a template may hold beside `{{ expression }}`, such as `@@context`. */
  tokens: string[] | null;
  advanced: boolean;
}

export interface Choice {
  value: Json;
  title: string;
}

// ---- Graph ----

export interface Graph {
  schema: 1;
  nodes: GraphNode[];
  edges: GraphEdge[];
  notes: GraphNote[];
}

export interface Position {
  x: number;
  y: number;
}

export interface GraphNode {
  id: string;
  action: string;
  /** A property without a key is unset. */
  properties: Record<string, Binding>;
  position: Position;
}

export interface Expression {
  expression: string;
}

/** A literal, or an expression over the variables in scope. A text literal may hold `{{ expression }}`. */
export type Binding = Json | Expression;

export type EdgeKind = "execution" | "attachment";

export interface GraphEdge {
  id: string;
  kind: EdgeKind;
  source: string;
  source_port: string;
  target: string;
  target_port: string;
}

export interface GraphNote {
  id: string;
  text: string;
  position: Position;
  width: number;
  height: number;
}

// ---- Analysis ----

export interface Analysis {
  runnable: boolean;
  problems: Problem[];
  /** By node id: the variables in scope at that node. */
  scope: Record<string, ScopeVariable[]>;
  streaming: StreamingProof;
  /** The nodes whose connection points at the simulator. */
  simulators: string[];
}

export interface Problem {
  node: string | null;
  edge: string | null;
  property: string | null;
  code: string;
  severity: "error" | "warning";
  message: string;
  hint: string | null;
  column: number | null;
}

export interface ScopeVariable {
  name: string;
  type: string;
  /** Title of the node that provides the variable. */
  title: string;
  node: string;
  fields: FieldDescription[];
}

export interface StreamingProof {
  streams: boolean;
  text: string;
  node: string | null;
}

// ---- Flows ----

export interface FlowRow {
  id: string;
  name: string;
  description: string;
  revision: number;
  node_count: number;
  created_at: string;
  updated_at: string;
  last_run: { id: string; status: RunStatus; started_at: string } | null;
  runs_24h: number;
  /** 24 entries, the oldest hour first. */
  hours: { runs: number; failed: number }[];
  /** Median of the last 24 hours. */
  first_item_ms: number | null;
}

export interface Flow {
  id: string;
  name: string;
  description: string;
  revision: number;
  created_at: string;
  updated_at: string;
  graph: Graph;
  analysis: Analysis;
}

export interface SavedGraph {
  revision: number;
  analysis: Analysis;
}

// ---- Runs ----

export type RunStatus = "waiting" | "running" | "completed" | "failed" | "cancelled" | "interrupted";

/** The input of a chat trigger, and the value of its `test_data` property. */
export interface RunInput {
  prompt: string;
  session_id?: string | null;
  context?: Json;
}

export interface RunRow {
  id: string;
  flow: string;
  status: RunStatus;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  first_item_ms: number | null;
  items: number;
  error: { code: string; message: string } | null;
  input: Json;
}

export interface Run {
  id: string;
  flow: string;
  status: RunStatus;
  started_at: string;
  finished_at: string | null;
  input: Json;
  revision: number;
  state: RunState;
}

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
}

interface EventHead {
  seq: number;
  /** Milliseconds since the run began. */
  ms: number;
}

export type RunEvent = EventHead &
  (
    | { type: "run.started"; run: string; flow: string; revision: number; at: string; simulator: boolean }
    | { type: "node.started"; node: string }
    | { type: "node.message"; node: string; index: number; text: string }
    | {
        type: "node.finished";
        node: string;
        duration_ms: number;
        count: number;
        outputs: Record<string, Json>;
      }
    | { type: "node.skipped"; node: string; reason: string }
    | {
        type: "node.failed";
        node: string;
        code: string;
        message: string;
        hint: string | null;
        duration_ms: number;
      }
    | {
        type: "item";
        index: number;
        node: string;
        source: string | null;
        message: number | null;
        text?: string;
        value?: Json;
      }
    | { type: "log"; node: string; level: LogLevel; message: string }
    | {
        type: "warning";
        node: string;
        code: string;
        message: string;
        hint: string | null;
        property: string | null;
      }
    | ({
        type: "usage";
        node: string;
        model: string;
        stop_reason: string | null;
        first_message_ms: number | null;
      } & Usage)
    | { type: "run.completed"; result: Json; finish_reason: string | null; usage: Usage | null }
    | {
        type: "run.failed";
        code: string;
        message: string;
        hint: string | null;
        node: string | null;
        usage: Usage | null;
      }
    | { type: "run.cancelled"; reason: string; usage: Usage | null }
    | { type: "run.interrupted"; reason: string; usage: Usage | null }
  );

export type LogLevel = "info" | "warning" | "error";

export type NodeRunStatus = "running" | "done" | "failed" | "skipped" | "cancelled" | "interrupted";

export interface NodeRunState {
  state: NodeRunStatus;
  started_ms: number;
  duration_ms: number | null;
  /** How many times the node ran or yielded. */
  count: number;
  messages: number;
  first_message_ms: number | null;
  text: string;
  outputs: Record<string, Json>;
  error: { code: string; message: string; hint: string | null } | null;
}

export interface RunState {
  status: RunStatus;
  seq: number;
  simulator: boolean;
  started_at: string | null;
  duration_ms: number | null;
  first_item_ms: number | null;
  items: number;
  text: string;
  result: Json;
  finish_reason: string | null;
  error: RunError | null;
  usage: Usage | null;
  nodes: Record<string, NodeRunState>;
  logs: RunLog[];
  warnings: RunWarning[];
}

export interface RunError {
  code: string;
  message: string;
  hint: string | null;
  node: string | null;
}

export interface RunLog {
  ms: number;
  node: string;
  level: LogLevel;
  message: string;
}

export interface RunWarning {
  ms: number;
  node: string;
  code: string;
  message: string;
  hint: string | null;
  property: string | null;
}

// ---- Socket ----

export type ClientFrame =
  | { type: "run.start"; ref: string; input: RunInput; revision: number }
  | { type: "run.follow"; ref: string; run: string; after: number }
  | { type: "run.cancel"; ref: string; run: string }
  | { type: "run.unfollow"; ref: string; run: string }
  | { type: "ping"; ref: string };

export type ServerFrame =
  | { type: "run.accepted"; ref: string; run: string }
  | { type: "events"; run: string; events: RunEvent[] }
  | { type: "ok"; ref: string }
  | { type: "error"; ref: string | null; error: Omit<Refusal, "request_id"> };

// ---- Connections ----

export interface ConnectionKind {
  kind: string;
  title: string;
  description: string;
  settings: ConnectionField[];
  secrets: ConnectionField[];
}

export interface ConnectionField {
  name: string;
  title: string;
  description: string;
  type: "text" | "integer" | "select";
  required: boolean;
  default: Json;
  choices?: Choice[];
  minimum?: number;
  maximum?: number;
  unit?: string;
}

export interface Connection {
  id: string;
  name: string;
  kind: string;
  settings: Record<string, Json>;
  secrets: Record<string, SecretPresence>;
  simulator: boolean;
  usable: boolean;
  problem: string | null;
  used_by: Named[];
  last_test: TestResult | null;
  created_at: string;
  updated_at: string;
}

/** What an editor sees of a connection; an admin sees all of `Connection`. */
export type ConnectionChoice = Pick<Connection, "id" | "name" | "kind" | "simulator" | "usable"> &
  Partial<Connection>;

/** A secret cannot be read back: only that it is set, and its end. */
export interface SecretPresence {
  set: boolean;
  last4: string | null;
}

export interface TestResult {
  ok: boolean;
  tested_at: string;
  ms: number;
  models: number | null;
  newest: string | null;
  temperature: string | null;
  code: string | null;
  message: string;
  hint: string | null;
}

export interface ModelDescription {
  id: string;
  display_name: string;
  max_tokens: number | null;
  lifecycle: string;
  temperature: boolean;
  temperature_note: string | null;
}

// ---- API keys ----

export type ApiKeyPolicy = "execute" | "configure";

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  last4: string;
  policies: ApiKeyPolicy[];
  /** The flows that the key may call; null for all of the workspace. */
  flows: string[] | null;
  expires_at: string | null;
  last_used_at: string | null;
  created_at: string;
  created_by: string;
}

/** The answer to making a key: the only time that the key itself is shown. */
export interface NewApiKey extends ApiKey {
  key: string;
}
