import { Facet } from "@codemirror/state";
import type { ScopeVariable } from "../../../api/types";

/** What an editor knows of the node that its text belongs to. */
export interface Knowledge {
  scope: readonly ScopeVariable[];
  /** What a template may hold beside expressions, such as `@@context`. */
  tokens: readonly string[];
}

const nothing: Knowledge = { scope: [], tokens: [] };

export const knowledge = Facet.define<Knowledge, Knowledge>({ combine: ([first]) => first ?? nothing });
