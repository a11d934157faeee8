import { createContext, use } from "react";
import type { EditorTools } from "./command";

export const EditorToolsContext = createContext<EditorTools | null>(null);

/** The parts of the open editor that commands work with. Only inside the workbench. */
export function useEditorTools(): EditorTools {
  const tools = use(EditorToolsContext);
  if (!tools) throw new Error("useEditorTools is called outside the workbench.");
  return tools;
}
