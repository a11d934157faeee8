import type { EditorCommand } from "../command";
import { selectFocusedCard } from "../target";

/** Opens the command menu for the focused card, which loses the focus to the menu. */
export const openCommandMenu: EditorCommand = {
  id: "openCommandMenu",
  title: "Commands and nodes",
  scope: "editor",
  keys: ["mod+k"],
  icon: "search",
  worksInTexts: true,
  enabled: () => true,
  perform: (tools) => {
    selectFocusedCard();
    tools.openCommandMenu();
  },
};
