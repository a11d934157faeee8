import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const save: EditorCommand = {
  id: "save",
  title: "Save now",
  scope: "editor",
  keys: ["mod+s"],
  icon: "saved",
  worksInTexts: true,
  enabled: canEdit,
  perform: ({ autosave }) => void autosave.flush(),
};
