/** The state of a field: the shown mode, and the value that was typed in each mode. Pure. */
import type { Binding, BindingMode, Json, PropertyDescription } from "../../../api/types";
import { isSameJson } from "../picker/scope";
import { getExpression, hasSegments } from "../../../graph/bindings";

export interface PropertyDraft {
  mode: BindingMode;
  /** The value in the graph when the draft was last compared with it. */
  lastBinding: Binding | undefined;
  /** The value in each mode; absent for a mode that was never filled. */
  literal?: Json;
  variable?: string;
  template?: string;
  /** Typed text that is not a value yet, such as a number out of its limits. */
  typed: string | null;
}

export function startDraft(property: PropertyDescription, binding: Binding | undefined): PropertyDraft {
  const mode = getMode(property, binding);
  const draft: PropertyDraft = { mode, lastBinding: binding, typed: null };
  if (binding === undefined) return draft;
  const expression = getExpression(property, binding);
  if (expression !== null) return { ...draft, variable: expression };
  return mode === "template"
    ? { ...draft, template: formatLiteral(binding) }
    : { ...draft, literal: binding };
}

/** The draft after something else changed the graph, such as undo. The other modes keep their values. */
export function followBinding(
  draft: PropertyDraft,
  property: PropertyDescription,
  binding: Binding | undefined,
): PropertyDraft {
  if (isSameJson(draft.lastBinding, binding)) return draft;
  const fresh = startDraft(property, binding);
  return { ...draft, [fresh.mode]: undefined, ...fresh };
}

/** The mode of a value. */
export function getMode(property: PropertyDescription, binding: Binding | undefined): BindingMode {
  const { modes, tokens } = property;
  if (getExpression(property, binding) !== null) return "variable";
  if (binding === undefined && tokens && modes.includes("template")) return "template";
  const text = typeof binding === "string" ? binding : "";
  if (modes.includes("template") && hasSegments(text, tokens ?? [])) return "template";
  if (modes.includes("literal") || (binding !== undefined && !modes.includes("template"))) return "literal";
  return binding === undefined ? (modes[0] ?? "literal") : "template";
}

/**
 * The draft in another mode, with the value of that mode. A text moves along from literal to template, and back when
 * it has no segments.
 */
export function changeMode(
  draft: PropertyDraft,
  property: PropertyDescription,
  mode: BindingMode,
): PropertyDraft {
  const next = { ...draft, mode };
  if (mode === "template" && next.template === undefined && typeof draft.literal === "string") {
    next.template = draft.literal;
  }
  const plain = draft.template !== undefined && !hasSegments(draft.template, property.tokens ?? []);
  if (mode === "literal" && next.literal === undefined && plain) {
    next.literal = draft.template;
  }
  return next;
}

/** The value in the shown mode; undefined when it is not filled. */
export function getValue(draft: PropertyDraft): Binding | undefined {
  if (draft.mode === "variable") {
    const expression = draft.variable?.trim();
    return expression ? { expression } : undefined;
  }
  if (draft.mode === "template") return draft.template === "" ? undefined : draft.template;
  return draft.literal === "" || draft.literal === null ? undefined : draft.literal;
}

/** Whether the graph still has the value of another mode, because the shown one was never filled. */
export function keepsOtherValue(draft: PropertyDraft): boolean {
  return draft.lastBinding !== undefined && getValue(draft) === undefined && isModeUntouched(draft);
}

/** A literal as text: itself, or its JSON. */
export function formatLiteral(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isModeUntouched(draft: PropertyDraft): boolean {
  return draft[draft.mode] === undefined && draft.typed === null;
}
