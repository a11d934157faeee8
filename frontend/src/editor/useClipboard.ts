import { useEffect } from "react";
import { deleteSelected, pasteFragment } from "./canvas/edits";
import { focusSelected } from "./canvas/gestures/focus";
import { copyItems, type GraphFragment } from "../graph/commands/copy";
import { graphStore } from "../graph/store";

const CLIPBOARD_KIND = "millrace/nodes";

/** Copies, cuts and pastes nodes with the clipboard of the system, so that it works between flows and windows. */
export function useClipboard(): void {
  useEffect(() => {
    const copy = (event: ClipboardEvent): void => {
      const { graph, selection } = graphStore.getState();
      if (selection.size === 0 || isTextTarget(event)) return;
      const text = JSON.stringify({ kind: CLIPBOARD_KIND, ...copyItems(graph, selection) });
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (event.type === "cut") deleteSelected();
    };
    const paste = (event: ClipboardEvent): void => {
      const fragment = isTextTarget(event)
        ? null
        : parseFragment(event.clipboardData?.getData("text/plain") ?? "");
      if (!fragment) return;
      event.preventDefault();
      pasteFragment(fragment);
      focusSelected();
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", copy);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", copy);
      document.removeEventListener("paste", paste);
    };
  }, []);
}

/** Whether the clipboard belongs to selected text or to a text field. */
function isTextTarget({ target }: ClipboardEvent): boolean {
  const field =
    target instanceof HTMLElement && target.closest("input, textarea, [contenteditable], [role=dialog]");
  return Boolean(field) || getSelection()?.toString() !== "";
}

function parseFragment(text: string): GraphFragment | null {
  try {
    const value = JSON.parse(text) as Partial<GraphFragment> & { kind?: unknown };
    const { kind, nodes, edges, notes } = value;
    if (kind !== CLIPBOARD_KIND || !Array.isArray(nodes) || !Array.isArray(edges) || !Array.isArray(notes))
      return null;
    return { nodes, edges, notes };
  } catch {
    return null;
  }
}
