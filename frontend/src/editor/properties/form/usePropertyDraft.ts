import { createContext, use, useEffect, useState } from "react";
import type { Binding, BindingMode, Json, PropertyDescription } from "../../../api/types";
import { changeMode, type PropertyDraft, followBinding, startDraft, getValue } from "./property-draft";
import { isSameJson } from "../picker/scope";

/** Drafts of the open panel by node and property, so that going to another node and back loses nothing. */
export const DraftsContext = createContext(new Map<string, PropertyDraft>());

interface PropertyDraftOptions {
  /** Node and property. */
  id: string;
  property: PropertyDescription;
  binding: Binding | undefined;
  onChange: (value: Binding | undefined) => void;
}

export interface PropertyDraftHandle {
  draft: PropertyDraft;
  /** Another mode. What it held is the value again; a mode that was never filled changes nothing yet. */
  setMode: (mode: BindingMode) => void;
  /** `typed` is text that is not a value yet: it is kept and the value in the graph stays. */
  setLiteral: (value: Json | undefined, typed?: string | null) => void;
  /** Keep text that is not a value. */
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
  const kept = use(DraftsContext);
  const [state, setState] = useState(() => kept.get(id) ?? startDraft(property, binding));
  const draft = followBinding(state, property, binding);
  if (draft !== state) setState(draft);
  useEffect(() => {
    kept.set(id, draft);
  });

  const give = (next: PropertyDraft) => {
    const value = getValue(next);
    setState({ ...next, lastBinding: value });
    if (!isSameJson(value, binding)) onChange(value);
  };
  const setMode = (mode: BindingMode) => {
    const next = changeMode(draft, property, mode);
    if (getValue(next) === undefined || next.typed !== null) setState(next);
    else give(next);
  };
  return {
    draft,
    setMode,
    setLiteral: (literal, typed = null) => give({ ...draft, mode: "literal", literal, typed }),
    setTyped: (typed) => setState({ ...draft, typed }),
    setVariable: (variable) => give({ ...draft, mode: "variable", variable }),
    setTemplate: (template) => give({ ...draft, mode: "template", template }),
  };
}
