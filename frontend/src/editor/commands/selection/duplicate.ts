import { copyItems } from "../../../graph/commands/copy";
import { graphStore } from "../../../graph/store";
import { pasteFragment } from "../../canvas/edits";
import { focusSelected } from "../../canvas/gestures/focus";
import type { EditorCommand } from "../command";
import { canEditSelection } from "../target";

export const duplicate: EditorCommand = {
  id: "duplicate",
  title: "Duplicate",
  scope: "selection",
  keys: ["mod+d"],
  icon: "copy",
  enabled: canEditSelection,
  perform: () => {
    const { graph, selection } = graphStore.getState();
    pasteFragment(copyItems(graph, selection), "Duplicate");
    focusSelected();
  },
};
