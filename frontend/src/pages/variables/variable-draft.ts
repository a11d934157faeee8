import type { VariableBody, VariableValues } from "../../api/variables";
import type { Environment, Variable } from "../../api/types";
import { environments } from "../resource/environments";

/** The form of a variable. Pure. */
export interface VariableDraft {
  name: string;
  secret: boolean;
  /** As typed; an environment that is absent keeps what is stored. */
  values: Partial<Record<Environment, string>>;
}

export const MIN_SECRET_CHARACTERS = 8;

export function startDraft(variable?: Variable): VariableDraft {
  return { name: variable?.name ?? "", secret: variable?.secret ?? false, values: { ...variable?.values } };
}

/** The body of the request: the values that were changed alone. */
export function toVariableBody(draft: VariableDraft, variable?: Variable): VariableBody {
  const values: VariableValues = {};
  for (const { value: environment } of environments) {
    const typed = draft.values[environment];
    const stored = variable?.values[environment];
    if (typed !== undefined && typed !== (stored ?? "")) values[environment] = typed === "" ? null : typed;
    if (typed === "" && variable?.secret) values[environment] = null;
  }
  return { name: draft.name.trim(), values };
}

/** Why a typed value cannot be sent; null when it can. */
export function checkValue(draft: VariableDraft, environment: Environment): string | null {
  const typed = draft.values[environment] ?? "";
  if (!draft.secret || typed === "" || typed.length >= MIN_SECRET_CHARACTERS) return null;
  return `A secret has ${MIN_SECRET_CHARACTERS} characters at least: runs could not hide a shorter one.`;
}

/** Why the form cannot be saved yet; null when it can. */
export function findMissing(draft: VariableDraft): string | null {
  if (!draft.name.trim()) return "Give the variable a name.";
  return environments.map(({ value }) => checkValue(draft, value)).find((fault) => fault !== null) ?? null;
}
