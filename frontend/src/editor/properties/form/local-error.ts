import type { PropertyDescription } from "../../../api/types";
import { summarizeValue } from "../picker/scope";
import { widgets } from "../widgets";
import type { PropertyDraft } from "./property-draft";

/** Why the typed text is not the value of the property yet, and which value the flow keeps. */
export function getLocalError(property: PropertyDescription, draft: PropertyDraft): string | null {
  if (draft.mode !== "literal" || draft.typed === null) return null;
  const error = widgets[property.widget].findError?.(property, draft.typed);
  return error ? `${error} The flow keeps ${describeKept(draft.literal)}.` : null;
}

function describeKept(literal: PropertyDraft["literal"]): string {
  if (literal === undefined || literal === null) return "nothing";
  return typeof literal === "object" ? "its last value" : summarizeValue(literal);
}
