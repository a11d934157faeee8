/** A field under way: one mode shown, and what was typed in each of them. Pure. */
import type { Binding, BindingMode, Json, PropertyDescription } from "../../../api/types";
import { isSameJson } from "../picker/scope";
import { getExpression, hasSegments } from "../../../graph/bindings";

export interface PropertyDraft {
  mode: BindingMode;
  /** The property's value in the graph when the draft last looked. */
  lastBinding: Binding | undefined;
  /** What each mode holds; a mode that was never filled is absent. */
  literal?: Json;
  variable?: string;
  template?: string;
  /** Literal text that is not a value yet, such as a figure out of its limits. */
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

/** The draft after the graph has changed by other hands, such as undo. What is the draft's own stays. */
export function followBinding(
  draft: PropertyDraft,
  property: PropertyDescription,
  binding: Binding | undefined,
): PropertyDraft {
  if (isSameJson(draft.lastBinding, binding)) return draft;
  const fresh = startDraft(property, binding);
  return { ...draft, [fresh.mode]: undefined, ...fresh };
}

/** The mode that a value is given in. */
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
 * Another mode, with what it held. A text goes along from literal to template, and back when it holds nothing
 * that would be replaced.
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

/** The value of the mode that is shown; undefined when it is not filled. */
export function getValue(draft: PropertyDraft): Binding | undefined {
  if (draft.mode === "variable") {
    const expression = draft.variable?.trim();
    return expression ? { expression } : undefined;
  }
  if (draft.mode === "template") return draft.template === "" ? undefined : draft.template;
  return draft.literal === "" || draft.literal === null ? undefined : draft.literal;
}

/** Whether the graph still has the value of another mode, because this one was never filled. */
export function keepsOtherValue(draft: PropertyDraft): boolean {
  return draft.lastBinding !== undefined && getValue(draft) === undefined && isModeUntouched(draft);
}

/** How a literal reads as text: itself, or its JSON. */
export function formatLiteral(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isModeUntouched(draft: PropertyDraft): boolean {
  return draft[draft.mode] === undefined && draft.typed === null;
}
