import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const findAction: EditorCommand = {
  id: "findAction",
  title: "Find an action",
  scope: "editor",
  keys: ["/"],
  icon: "search",
  enabled: canEdit,
  perform: ({ focusPaletteSearch }) => focusPaletteSearch(),
};
