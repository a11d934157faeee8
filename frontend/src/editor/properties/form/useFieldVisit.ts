import { useEffect, useRef, useState } from "react";
import { enterField, leaveField } from "../../../graph/store";
import { runAfterClick } from "./after-click";

interface FieldVisitOptions {
  node: string;
  property: string;
  /** Why the typed text is no value yet. */
  error: string | null;
}

/**
 * Whether a person is in the field; what opens from it, such as a menu or a larger editor, belongs to it. An error that
 * comes up meanwhile is told when the field is left.
 */
export function useFieldVisit({ node, property, error }: FieldVisitOptions) {
  const [focused, setFocused] = useState(false);
  const [tellsError, setTellsError] = useState(true);
  const isThere = useRef(false);
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(leaving.current);
      if (isThere.current) leaveField(node, property);
    },
    [node, property],
  );
  const enter = (): void => {
    runAfterClick(() => clearTimeout(leaving.current));
    if (isThere.current) return;
    isThere.current = true;
    enterField(node, property);
    setTellsError(error !== null);
    runAfterClick(() => setFocused(true));
  };
  const finish = (): void => {
    isThere.current = false;
    leaveField(node, property);
    setTellsError(true);
    setFocused(false);
  };
  // For a moment the focus is nowhere, when it goes to a menu of the field.
  const leave = (): void => runAfterClick(() => (leaving.current = setTimeout(finish)));
  return { focused, toldError: tellsError ? error : null, enter, leave };
}
