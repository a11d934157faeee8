import { useEffect, useRef } from "react";
import { useCanvasUi } from "../canvas/ui-store";
import type { EditorTools } from "./command";
import { performCommand } from "./perform-command";
import { findCommand, type KeyTarget } from "./shortcuts";

/** Performs the commands of the editor by their keys. */
export function useKeyboard(tools: EditorTools): void {
  const latestTools = useRef(tools);
  useEffect(() => {
    latestTools.current = tools;
  });
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      const command = event.defaultPrevented ? null : findCommand(event, readTarget(event.target));
      if (command === null) return;
      event.preventDefault();
      performCommand(command, latestTools.current, event);
    };
    document.addEventListener("keydown", handleKey);
    return () => document.removeEventListener("keydown", handleKey);
  }, []);
}

function readTarget(target: EventTarget | null): KeyTarget {
  const element = target instanceof HTMLElement ? target : document.body;
  const isInside = (selector: string): boolean => element.closest(selector) !== null;
  const isControl = isInside("button, a, [role=tab], [role=separator]");
  const isDialog = isInside("[role=dialog], [role=menu], [role=alertdialog]");
  return {
    isText: element.isContentEditable || isInside("input, textarea, select, [contenteditable]"),
    isGraphText: isInside("[data-graph-text]") && !isInside("[role=combobox], [contenteditable]"),
    isOverlay: isDialog || useCanvasUi.getState().keyConnect !== null,
    isCanvas: element === document.body || (isInside("[data-canvas]") && !isControl),
  };
}
