import { openRunTab } from "../../layout";
import type { EditorCommand } from "../command";

export const showProblems: EditorCommand = {
  id: "showProblems",
  title: "Show problems",
  scope: "editor",
  keys: [],
  icon: "alert",
  enabled: () => true,
  perform: () => openRunTab("problems"),
};
