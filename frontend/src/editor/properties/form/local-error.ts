import type { PropertyDescription } from "../../../api/types";
import type { PropertyDraft } from "./property-draft";
import { readPropertyJson } from "../../../graph/typed-json";
import { checkVariableName } from "./variable-name";
import { readNumber } from "./typed-number";
import { summarizeValue } from "../picker/scope";

/** Why what is typed is not the property's value yet, and what the flow keeps meanwhile. */
export function getLocalError(property: PropertyDescription, draft: PropertyDraft): string | null {
  if (draft.mode !== "literal" || draft.typed === null) return null;
  const error = findError(property, draft.typed);
  if (!error) return null;
  const kept =
    draft.literal === undefined || draft.literal === null ? "nothing" : summarizeValue(draft.literal);
  return property.widget === "json"
    ? `${error} The flow keeps its last value.`
    : `${error} The flow keeps ${kept}.`;
}

function findError(property: PropertyDescription, typed: string): string | null {
  if (property.widget === "variable_name") return checkVariableName(typed, property.title);
  const read = property.widget === "json" ? readPropertyJson(property, typed) : readNumber(typed, property);
  return "error" in read ? read.error : null;
}
