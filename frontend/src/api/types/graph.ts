/** The saved graph of a flow. */

import type { Json } from "./common";
import type { Schemas } from "./schemas";

export type Graph = Schemas["Graph"];
export type Position = Schemas["Position"];
export type GraphNode = Schemas["Node"];
export type GraphEdge = Schemas["Edge"];
export type EdgeKind = GraphEdge["kind"];
export type GraphNote = Schemas["Note"];

/** A type and not an interface, so that it is assignable to `Json`. */
export type Expression = { expression: string };

/** A literal, or an expression over the variables in scope. A text can have `{{ expression }}` segments. */
export type Binding = Json | Expression;
