/** Connections, their kinds and their models. */

import type { Choice } from "./catalogue";
import type { Json, Named } from "./common";

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
  choices: Choice[] | null;
  minimum: number | null;
  maximum: number | null;
  unit: string | null;
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
