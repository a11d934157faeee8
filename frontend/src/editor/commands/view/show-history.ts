import { openRunTab } from "../../layout";
import type { EditorCommand } from "../command";

export const showHistory: EditorCommand = {
  id: "showHistory",
  title: "Show the runs before",
  scope: "editor",
  keys: [],
  icon: "history",
  enabled: () => true,
  perform: () => openRunTab("history"),
};
