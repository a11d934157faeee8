import { changeLayout } from "../../layout";
import type { EditorCommand } from "../command";

export const showVersions: EditorCommand = {
  id: "showVersions",
  title: "Show the versions",
  scope: "editor",
  keys: [],
  icon: "history",
  enabled: () => true,
  perform: () => changeLayout({ versions: true }),
};
