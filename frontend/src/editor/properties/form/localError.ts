import type { PropertyDescription } from "../../../api/types";
import type { Draft } from "./draft";
import { readJsonFor } from "../../../graph/typed-json";
import { readName } from "./name";
import { readNumber } from "./number";
import { shortValue } from "../picker/scope";

/** Why what is typed is not the property's value yet, and what the flow keeps meanwhile. */
export function localError(property: PropertyDescription, draft: Draft): string | null {
  if (draft.mode !== "literal" || draft.typed === null) return null;
  const error = errorOf(property, draft.typed);
  if (!error) return null;
  const kept = draft.literal === undefined || draft.literal === null ? "nothing" : shortValue(draft.literal);
  return property.widget === "json"
    ? `${error} The flow keeps its last value.`
    : `${error} The flow keeps ${kept}.`;
}

function errorOf(property: PropertyDescription, typed: string): string | null {
  if (property.widget === "variable_name") return readName(typed, property.title);
  const read = property.widget === "json" ? readJsonFor(property, typed) : readNumber(typed, property);
  return "error" in read ? read.error : null;
}
