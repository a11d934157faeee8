import { changeLayout, useLayout } from "../../layout";
import type { EditorCommand } from "../command";

export const toggleRunPanel: EditorCommand = {
  id: "toggleRunPanel",
  title: "Show or hide the run panel",
  scope: "editor",
  keys: ["`"],
  icon: "foldPanel",
  enabled: () => true,
  perform: () => changeLayout({ runPanel: !useLayout.getState().runPanel }),
};
