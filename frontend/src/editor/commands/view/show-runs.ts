import { openRunTab } from "../../layout";
import type { EditorCommand } from "../command";

export const showRuns: EditorCommand = {
  id: "showRuns",
  title: "Show the runs",
  scope: "editor",
  keys: [],
  icon: "history",
  enabled: () => true,
  perform: () => openRunTab("runs"),
};
