import { toggleDisabled } from "../../../graph/commands/nodes";
import { isDisabled } from "../../../graph/document";
import { edit, graphStore } from "../../../graph/store";
import type { EditorCommand } from "../command";
import { canEdit, listSelectedNodes } from "../target";

/** Disables the selected nodes; enables them when all of them are disabled. */
export const disable: EditorCommand = {
  id: "disable",
  title: "Disable or enable",
  getCardTitle: () => (listSelectedNodes().every(isDisabled) ? "Enable" : "Disable"),
  scope: "selection",
  keys: ["d"],
  icon: "dash",
  enabled: () => canEdit() && listSelectedNodes().length > 0,
  perform: () => edit("Disable", (graph) => toggleDisabled(graph, graphStore.getState().selection)),
};
