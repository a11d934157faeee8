import { graphStore, undoEdit } from "../../../graph/store";
import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const undo: EditorCommand = {
  id: "undo",
  title: "Undo",
  scope: "editor",
  worksInGraphTexts: true,
  keys: ["mod+z"],
  icon: "undo",
  enabled: () => canEdit() && graphStore.getState().history.past.length > 0,
  perform: undoEdit,
};
