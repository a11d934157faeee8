import { Facet } from "@codemirror/state";
import type { ScopeVariable } from "../../../api/types";

/** What an editor knows of the node that its text belongs to. */
export interface NodeScope {
  scope: readonly ScopeVariable[];
  /** What a template may hold beside expressions, such as `@@context`. */
  tokens: readonly string[];
}

const emptyScope: NodeScope = { scope: [], tokens: [] };

export const nodeScope = Facet.define<NodeScope, NodeScope>({ combine: ([first]) => first ?? emptyScope });
