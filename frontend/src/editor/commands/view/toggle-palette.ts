import { changeLayout, isPaletteOpen, useLayout } from "../../layout";
import type { EditorCommand } from "../command";
import { canEdit } from "../target";

export const togglePalette: EditorCommand = {
  id: "togglePalette",
  title: "Show or hide actions",
  scope: "editor",
  keys: ["["],
  icon: "foldPanel",
  enabled: canEdit,
  perform: () => changeLayout({ palette: !isPaletteOpen(useLayout.getState()) }),
};
