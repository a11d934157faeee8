import type { EditorCommand } from "../command";

export const showShortcuts: EditorCommand = {
  id: "showShortcuts",
  title: "Show all keys",
  scope: "editor",
  keys: ["?"],
  icon: "book",
  enabled: () => true,
  perform: ({ openShortcutSheet }) => openShortcutSheet(),
};
