import { graphStore, redoEdit } from "../../../graph/store";
import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const redo: EditorCommand = {
  id: "redo",
  title: "Redo",
  scope: "editor",
  worksInGraphTexts: true,
  keys: ["mod+shift+z", "mod+y"],
  icon: "redo",
  enabled: () => canEdit() && graphStore.getState().history.future.length > 0,
  perform: redoEdit,
};
