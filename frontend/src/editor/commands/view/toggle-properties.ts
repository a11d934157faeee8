import { changeLayout, useLayout } from "../../layout";
import type { EditorCommand } from "../command";

export const toggleProperties: EditorCommand = {
  id: "toggleProperties",
  title: "Show or hide properties",
  scope: "editor",
  keys: ["]"],
  icon: "foldPanel",
  enabled: () => true,
  perform: () => changeLayout({ properties: !useLayout.getState().properties }),
};
