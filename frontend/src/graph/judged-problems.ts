/**
 * Which problems are faults, and which are only to do yet. Pure.
 *
 * - What a new node lacks is to do: it becomes a fault when its field was left, a run was tried, or the flow was opened
 *   again.
 * - An error that comes up while a person is in its field waits until the field is left.
 * - What is given in the drawn graph is no longer missing, although the server has not answered yet.
 */
import type { Graph, Problem, PropertyDescription } from "../api/types";
import { findNode } from "./document";

/** Where a person has been since the flow was opened. */
export interface Visits {
  /** The ids of the nodes that were added, as long as no run was tried. */
  newNodes: ReadonlySet<string>;
  /** The keys of the fields that were left. */
  leftFields: ReadonlySet<string>;
  /** The field that the person is in, with the codes of the errors that it had told before; null for none. */
  openField: { key: string; told: ReadonlySet<string> } | null;
  /** The field that was left last. */
  lastField: { node: string; property: string } | null;
}

export const noVisits: Visits = {
  newNodes: new Set(),
  leftFields: new Set(),
  openField: null,
  lastField: null,
};

export interface JudgedProblems {
  /** What keeps the flow from running, and what it warns of. */
  faults: Problem[];
  /** What a new node lacks. */
  todos: Problem[];
}

export function getFieldKey(node: string, property: string): string {
  return `${node} ${property}`;
}

export function judgeProblems(problems: readonly Problem[], graph: Graph, visits: Visits): JudgedProblems {
  const current = problems.filter((problem) => !isOutdated(problem, graph));
  const calm = current.filter((problem) => isCalm(problem, graph, visits));
  return {
    faults: current.filter((problem) => !calm.includes(problem)),
    todos: calm.filter(({ code }) => code === "required" || code === "no_trigger"),
  };
}

/** Whether what a field lacks is only to do yet. */
export function isLackCalm(node: string, property: string, visits: Visits): boolean {
  const key = getFieldKey(node, property);
  if (isFieldOpen(key, "required", visits)) return true;
  return visits.newNodes.has(node) && !visits.leftFields.has(key);
}

function isCalm({ code, node, property, severity }: Problem, graph: Graph, visits: Visits): boolean {
  if (code === "no_trigger") return graph.nodes.length === 0;
  if (node === null || property === null) return false;
  if (code === "required") return isLackCalm(node, property, visits);
  return severity === "error" && isFieldOpen(getFieldKey(node, property), code, visits);
}

function isFieldOpen(key: string, code: string, { openField }: Visits): boolean {
  return openField?.key === key && !openField.told.has(code);
}

/** Whether the problem is that a value is missing, which the drawn graph has. */
function isOutdated({ code, node, property }: Problem, graph: Graph): boolean {
  if (code !== "required" || node === null || property === null) return false;
  const value = findNode(graph, node)?.properties[property];
  return value !== undefined && value !== null && value !== "";
}

const RESOURCE_TYPES = ["connection", "collection", "flow"];

/** What an empty field needs, such as "needs a connection". */
export function describeNeed({ type, widget }: Pick<PropertyDescription, "type" | "widget">): string {
  if (RESOURCE_TYPES.includes(type)) return `needs a ${type}`;
  return widget === "model" ? "needs a model" : "needs a value";
}
