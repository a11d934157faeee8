/** The catalogue by action type, and what stands in for an action that the server no longer has. */
import type { ActionDescription, Catalogue, Graph, GraphNode } from "../api/types";

export type ActionIndex = ReadonlyMap<string, ActionDescription>;

export function indexActions(catalogue: Catalogue): ActionIndex {
  return new Map(catalogue.actions.map((action) => [action.type, action]));
}

/** The action of a node, with a branch of its own for each of the node's cases. */
export function actionOf(actions: ActionIndex, node: GraphNode): ActionDescription {
  const action = actions.get(node.action) ?? unknownAction(node.action);
  const cases = action.cases ? node.properties[action.cases] : null;
  return Array.isArray(cases) ? withCases(action, cases) : action;
}

const MOST_CASES = 20;

/** The port of the case at this place of the list. */
export function casePort(at: number): string {
  return `case_${String(at + 1)}`;
}

/** Kept by the list of cases, so that a card is drawn anew only when its cases have changed. */
const expanded = new WeakMap<unknown[], ActionDescription>();

function withCases(action: ActionDescription, cases: unknown[]): ActionDescription {
  const known = expanded.get(cases);
  if (known?.type === action.type) return known;
  const texts = cases.filter((text) => typeof text === "string").slice(0, MOST_CASES);
  const branches = texts.map((title, at) => ({
    name: casePort(at),
    title,
    repeats: false,
    provides: null,
  }));
  const described = { ...action, branches: [...branches, ...action.branches] };
  expanded.set(cases, described);
  return described;
}

/** Keeps a card on the canvas whose action is gone, so that its edges and its properties are not lost. */
function unknownAction(type: string): ActionDescription {
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

export function hasTrigger(graph: Graph, actions: ActionIndex): boolean {
  return graph.nodes.some((node) => actionOf(actions, node).role === "trigger");
}
