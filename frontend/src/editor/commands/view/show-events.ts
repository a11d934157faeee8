import { openRunTab } from "../../layout";
import type { EditorCommand } from "../command";

export const showEvents: EditorCommand = {
  id: "showEvents",
  title: "Show events",
  scope: "editor",
  keys: [],
  icon: "events",
  enabled: () => true,
  perform: () => openRunTab("events"),
};
