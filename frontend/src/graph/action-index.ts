/** The actions of the catalogue by type, and a placeholder for an action that the server no longer has. */
import type { ActionDescription, Catalogue, GraphNode } from "../api/types";

export type ActionIndex = ReadonlyMap<string, ActionDescription>;

export function indexActions(catalogue: Catalogue): ActionIndex {
  return new Map(catalogue.actions.map((action) => [action.type, action]));
}

/** The action of a node, with a branch of its own for each of the node's cases. */
export function getAction(actions: ActionIndex, node: GraphNode): ActionDescription {
  const action = actions.get(node.action) ?? describeUnknownAction(node.action);
  const cases = action.cases ? node.properties[action.cases] : null;
  return Array.isArray(cases) ? addCaseBranches(action, cases) : action;
}

const MAX_CASES = 20;

/** The port of the case at this index. */
export function getCasePort(at: number): string {
  return `case_${String(at + 1)}`;
}

/** Cached by the list of cases, so that a card is drawn again only when its cases change. */
const actionsByCases = new WeakMap<unknown[], ActionDescription>();

function addCaseBranches(action: ActionDescription, cases: unknown[]): ActionDescription {
  const known = actionsByCases.get(cases);
  if (known?.type === action.type) return known;
  const texts = cases.filter((text) => typeof text === "string").slice(0, MAX_CASES);
  const branches = texts.map((title, at) => ({
    name: getCasePort(at),
    title,
    repeats: false,
    provides: null,
  }));
  const described = { ...action, branches: [...branches, ...action.branches] };
  actionsByCases.set(cases, described);
  return described;
}

/** Describes an action that the server no longer has, so that its card, edges and properties are not lost. */
function describeUnknownAction(type: string): ActionDescription {
  return {
    type,
    title: type,
    family: "",
    role: "action",
    summary: "This action is not installed here.",
    icon_url: "",
    docs_url: "",
    width: 204,
    streams: false,
    input: true,
    branches: [{ name: "continue", title: "Continue", repeats: false, provides: null }],
    cases: null,
    attachments: [],
    outputs: [],
    properties: [],
  };
}
