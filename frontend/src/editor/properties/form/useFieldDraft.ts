import { createContext, use, useEffect, useState } from "react";
import type { Binding, BindingMode, Json, PropertyDescription } from "../../../api/types";
import { changeMode, type Draft, followBinding, startDraft, valueOf } from "./draft";
import { sameJson } from "../picker/scope";

/** Drafts of the open panel by node and property, so that going to another node and back loses nothing. */
export const DraftsContext = createContext(new Map<string, Draft>());

interface FieldDraftOptions {
  /** Node and property. */
  id: string;
  property: PropertyDescription;
  binding: Binding | undefined;
  onChange: (value: Binding | undefined) => void;
}

export interface FieldDraft {
  draft: Draft;
  /** Another mode. What it held is the value again; a mode that was never filled changes nothing yet. */
  setMode: (mode: BindingMode) => void;
  /** `typed` is text that is not a value yet: it is kept and the value in the graph stays. */
  setLiteral: (value: Json | undefined, typed?: string | null) => void;
  /** Keep text that is not a value. */
  setTyped: (typed: string) => void;
  setVariable: (expression: string) => void;
  setTemplate: (text: string) => void;
}

export function useFieldDraft({ id, property, binding, onChange }: FieldDraftOptions): FieldDraft {
  const kept = use(DraftsContext);
  const [state, setState] = useState(() => kept.get(id) ?? startDraft(property, binding));
  const draft = followBinding(state, property, binding);
  if (draft !== state) setState(draft);
  useEffect(() => {
    kept.set(id, draft);
  });

  const give = (next: Draft) => {
    const value = valueOf(next);
    setState({ ...next, seen: value });
    if (!sameJson(value, binding)) onChange(value);
  };
  const setMode = (mode: BindingMode) => {
    const next = changeMode(draft, property, mode);
    if (valueOf(next) === undefined || next.typed !== null) setState(next);
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
