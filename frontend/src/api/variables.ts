import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client";
import { queryKeys } from "./query-keys";
import type { Environment, Variable, VariableChoice } from "./types";

/** Loads the variables with their plain values, which only admins may see. */
export function useVariables() {
  return useQuery({
    queryKey: queryKeys.variables,
    queryFn: ({ signal }) => fetchVariables<Variable>(signal),
  });
}

/** Loads what expressions can read as `env.NAME`; nothing for a person who may not edit. */
export function useVariableChoices(mayEdit: boolean) {
  return useQuery({
    queryKey: queryKeys.variables,
    queryFn: ({ signal }) => fetchVariables<VariableChoice>(signal),
    enabled: mayEdit,
  });
}

/** The values to change, by environment; null takes one away. */
export type VariableValues = Partial<Record<Environment, string | null>>;

export interface VariableBody {
  name: string;
  values: VariableValues;
}

export function useCreateVariable() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: VariableBody & { secret: boolean }) => call<Variable>("POST", "variables", { body }),
    onSuccess: () => refreshVariables(client),
  });
}

export function useUpdateVariable() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: VariableBody & { id: string }) =>
      call<Variable>("PATCH", `variables/${id}`, { body }),
    onSuccess: () => refreshVariables(client),
  });
}

/** Deletes a variable. The server refuses with `variable_in_use` while a flow reads it; it names the flows. */
export function useDeleteVariable() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call<undefined>("DELETE", `variables/${id}`),
    onSuccess: () => refreshVariables(client),
  });
}

async function fetchVariables<Shape>(signal: AbortSignal): Promise<Shape[]> {
  return (await call<{ variables: Shape[] }>("GET", "variables", { signal })).variables;
}

function refreshVariables(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: queryKeys.variables });
}
