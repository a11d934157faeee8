/** The variables that a node may read, as the server found them. Pure. */
import type { Analysis, ScopeVariable, VariableChoice } from "../api/types";

export function listVariables({ variables, scope }: Analysis, node: string): ScopeVariable[] {
  return (scope[node] ?? []).flatMap((place) => variables[place] ?? []);
}

/** The variable of this name that the node may read. */
export function findVariable(
  { variables, scope }: Analysis,
  node: string,
  name: string | null,
): ScopeVariable | undefined {
  const place = scope[node]?.find((each) => variables[each]?.name === name);
  return place === undefined ? undefined : variables[place];
}

/** The workspace's variables as one variable with fields, as expressions read them; null when there are none. */
export function describeWorkspaceVariables(choices: readonly VariableChoice[]): ScopeVariable | null {
  if (choices.length === 0) return null;
  return {
    name: "env",
    type: "variables",
    title: "the workspace",
    node: "",
    fields: choices.map(({ name, secret, set_in: places }) => ({
      name,
      type: "text",
      description: `${secret ? "A secret" : "A variable"}, set in ${places.join(", ") || "no environment"}.`,
    })),
  };
}
