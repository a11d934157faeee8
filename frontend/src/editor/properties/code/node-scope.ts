import { Facet } from "@codemirror/state";
import type { ScopeVariable } from "../../../api/types";

/** The variables and tokens that the text of a node can use. */
export interface NodeScope {
  scope: readonly ScopeVariable[];
  /** What a template can have besides expressions, such as `@@context`. */
  tokens: readonly string[];
}

const emptyScope: NodeScope = { scope: [], tokens: [] };

export const nodeScope = Facet.define<NodeScope, NodeScope>({ combine: ([first]) => first ?? emptyScope });
