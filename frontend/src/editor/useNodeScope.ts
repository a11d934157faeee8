import { useMemo } from "react";
import { useVariableChoices } from "../api/variables";
import type { ScopeVariable } from "../api/types";
import { describeWorkspaceVariables, listVariables } from "../graph/scope";
import { useGraph } from "../graph/useGraph";

/** What the expressions of a node can read: the variables that are set before it, and those of the workspace. */
export function useNodeScope(node: string): ScopeVariable[] {
  const analysis = useGraph((graph) => graph.analysis);
  const readOnly = useGraph((graph) => graph.readOnly);
  const { data: choices } = useVariableChoices(!readOnly);
  return useMemo(() => {
    const scope = listVariables(analysis, node);
    const env = describeWorkspaceVariables(choices ?? []);
    return env && !scope.some(({ name }) => name === env.name) ? [env, ...scope] : scope;
  }, [analysis, node, choices]);
}
