import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const addNote: EditorCommand = {
  id: "addNote",
  title: "Add a note",
  scope: "canvas",
  keys: ["n"],
  icon: "note",
  enabled: canEdit,
  perform: ({ view }) => view.addNote(),
};
