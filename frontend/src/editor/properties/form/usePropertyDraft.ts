import { createContext, use, useEffect, useState } from "react";
import type { Binding, BindingMode, Json, PropertyDescription } from "../../../api/types";
import { changeMode, type PropertyDraft, followBinding, startDraft, getValue } from "./property-draft";
import { useLocalEdit } from "../../../graph/useLocalEdit";
import { isSameJson } from "../picker/scope";

/**
 * The drafts of the open panel by node and property, so that nothing is lost when the person selects another node and
 * returns.
 */
export const DraftsContext = createContext(new Map<string, PropertyDraft>());

interface PropertyDraftOptions {
  /** The id of the node and the name of the property. */
  id: string;
  property: PropertyDescription;
  binding: Binding | undefined;
  onChange: (value: Binding | undefined) => void;
}

export interface PropertyDraftHandle {
  draft: PropertyDraft;
  /** Changes the mode. The value of that mode becomes the value again; an empty mode changes nothing yet. */
  setMode: (mode: BindingMode) => void;
  /** Sets a literal. `typed` is text that is not a value yet; the field keeps it. */
  setLiteral: (value: Json | undefined, typed?: string | null) => void;
  /** Keeps text that is not a value. The graph does not change. */
  setTyped: (typed: string) => void;
  setVariable: (expression: string) => void;
  setTemplate: (text: string) => void;
}

export function usePropertyDraft({
  id,
  property,
  binding,
  onChange,
}: PropertyDraftOptions): PropertyDraftHandle {
  const drafts = use(DraftsContext);
  const [state, setState] = useState(() => drafts.get(id) ?? startDraft(property, binding));
  const draft = followBinding(state, property, binding);
  const local = useLocalEdit();
  if (draft !== state) setState(draft);
  useEffect(() => {
    drafts.set(id, draft);
  });

  /** Shows what is not a value yet; undo takes it back. */
  const show = (label: string, next: PropertyDraft) => {
    local.begin(label, () => setState(draft));
    setState(next);
  };
  const commit = (next: PropertyDraft) => {
    local.end();
    const value = getValue(next);
    setState({ ...next, lastBinding: value });
    if (!isSameJson(value, binding)) onChange(value);
  };
  const setMode = (mode: BindingMode) => {
    const next = changeMode(draft, property, mode);
    if (getValue(next) === undefined || next.typed !== null) show(`Mode of ${property.title}`, next);
    else commit(next);
  };
  return {
    draft,
    setMode,
    setLiteral: (literal, typed = null) => commit({ ...draft, mode: "literal", literal, typed }),
    setTyped: (typed) => show(`Typing in ${property.title}`, { ...draft, typed }),
    setVariable: (variable) => commit({ ...draft, mode: "variable", variable }),
    setTemplate: (template) => commit({ ...draft, mode: "template", template }),
  };
}
