/** The variables that a new node can read before the server has seen it. Pure. */
import type { ActionDescription, Graph, GraphNode, ScopeVariable } from "../api/types";
import { type ActionIndex, getAction } from "./action-index";
import { findNode, isDisabled, listEdgesInto } from "./document";

/**
 * The variables that are set on the way to a node, the first one first. Where two ways meet, only what comes after is
 * given: the server, which checks the whole graph, knows what both ways set.
 */
export function listVariablesBefore(graph: Graph, actions: ActionIndex, id: string): ScopeVariable[] {
  const found = new Map<string, ScopeVariable>();
  const seen = new Set<string>();
  for (let at: string | null = id; at !== null && !seen.has(at);) {
    seen.add(at);
    const step = findStepBefore(graph, at);
    if (step && !isDisabled(step.node)) {
      const set = listVariablesSet(step.node, getAction(actions, step.node), step.port);
      set.filter(({ name }) => !found.has(name)).forEach((variable) => found.set(variable.name, variable));
    }
    at = step?.node.id ?? null;
  }
  return [...found.values()].toReversed();
}

/** The node before, and the port by which it leads here; null at a beginning and where two ways meet. */
function findStepBefore(graph: Graph, id: string): { node: GraphNode; port: string } | null {
  const edges = listEdgesInto(graph, id).filter(({ kind }) => kind === "execution");
  const [edge] = edges;
  const node = edge && edges.length === 1 ? findNode(graph, edge.source) : undefined;
  return edge && node ? { node, port: edge.source_port } : null;
}

/** What a node has set when it goes on by this port: a repeated branch runs before the outputs of the whole node. */
function listVariablesSet(node: GraphNode, action: ActionDescription, port: string): ScopeVariable[] {
  const repeats = action.branches.some((branch) => branch.name === port && branch.repeats);
  const outputs = action.outputs.filter(({ branch }) => branch === port || (branch === null && !repeats));
  return outputs.flatMap((output) => {
    const given = output.property === null ? undefined : node.properties[output.property];
    const name = typeof given === "string" && given !== "" ? given : output.default;
    const { type, fields } = output;
    return name === null ? [] : [{ name, type, title: action.title, node: node.id, fields }];
  });
}
