/** Checks the names of variables. Pure. */
import type { ActionDescription } from "../../../api/types";

const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** The words that the expression language keeps for itself: `RESERVED_WORDS` of `actions/contract/property_types.py`. */
const RESERVED_WORDS = new Set(
  [
    "as break const continue else false for function if import in let loop namespace null package return true",
    "var void while bool bytes double duration dyn int list map null_type string timestamp type uint",
  ].flatMap((line) => line.split(" ")),
);

/** Why a text cannot be the name of a variable; null when it can, or when it is empty. */
export function checkVariableName(text: string, title: string): string | null {
  if (RESERVED_WORDS.has(text)) return `${title} cannot be ${text}, a word of the expression language.`;
  if (text === "" || NAME_PATTERN.test(text)) return null;
  if (text.length > 64) return `${title} has 64 letters at most.`;
  if (/^\d/.test(text)) return `${title} cannot begin with a digit.`;
  return `${title} has letters, digits and _ only.`;
}

/** When a node sets the variable: with each message, or at the end. Null for a trigger, which sets it at once. */
export function describeWhenSet(action: ActionDescription, property: string): string | null {
  if (action.role === "trigger") return null;
  const branch = action.branches.find(({ provides }) => provides?.property === property);
  if (branch) return branch.title.replace(/^For each/, "each");
  return action.outputs.some((output) => output.property === property && !output.branch)
    ? "at the end"
    : null;
}
