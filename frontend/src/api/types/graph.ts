/** The saved graph of a flow. */

import type { Json } from "./common";

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
