/** What the server says about a graph; the browser never compiles. */

import type { FieldDescription } from "./catalogue";

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
